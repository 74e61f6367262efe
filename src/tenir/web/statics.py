"""Static files under names that change with their content, the imports of our own modules included.

Without the second half, a browser would keep for an hour the old `live.js` beside the new `desk.js` after an upgrade.
"""

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class NamedByContent(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Rewrites `import "./live.js"` in our modules as Django rewrites addresses in style sheets.

    Only in ours: Django's own switch would also read the comments of other people's scripts as imports, and fail.
    """

    _ours = ("tenir/*.js", CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1])  # noqa: SLF001
    patterns = (*CompressedManifestStaticFilesStorage.patterns, _ours)
