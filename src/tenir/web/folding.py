"""Templates compiled once for each language: what is constant in one of them is written out when it is compiled.

Half of the nodes of a page are sentences to translate and icons, the same at every request. Here they become plain
text that joins the text around it. A template is to be obtained in the language in which it is rendered, as `render`
and `include` do.
"""

from collections.abc import Iterator
from typing import Any

from django.template import Context, Origin, Template
from django.template.base import FilterExpression, Node, NodeList, TextNode
from django.template.library import SimpleNode
from django.template.loaders import cached
from django.template.loaders.base import Loader as BaseLoader
from django.templatetags.i18n import TranslateNode
from django.utils.translation import get_language

from tenir.web.templatetags.look import icon, kbd

CONSTANT = (icon, kbd)
"""Tags that depend on nothing but their arguments."""


class _Folding(BaseLoader):
    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        template = super().get_template(template_name, skip)
        _fold(template.nodelist)
        return template


class Loader(cached.Loader, _Folding):
    """Django's cached loader with a cache for each language; what it keeps is folded before anybody sees it."""

    def cache_key(self, template_name: str, skip: list[Origin] | None = None) -> str:
        return f"{get_language()} {super().cache_key(template_name, skip)}"


def _fold(nodes: NodeList) -> None:
    """Writes out what is constant and joins neighbouring texts, at every depth."""
    folded: list[Node] = []
    for node in nodes:
        for inner in _inside(node):
            _fold(inner)
        written = _written(node)
        if written is None:
            folded.append(node)
        elif folded and isinstance(folded[-1], TextNode):
            folded[-1] = _text(folded[-1].s + written, like=folded[-1])
        else:
            folded.append(_text(written, like=node))
    nodes[:] = folded


def _inside(node: Node) -> Iterator[NodeList]:
    """The lists of nodes that a node holds, as attributes or in pairs with a condition."""
    for value in vars(node).values():
        if isinstance(value, NodeList):
            yield value
        elif isinstance(value, list):
            yield from (
                part for pair in value if isinstance(pair, tuple) for part in pair if isinstance(part, NodeList)
            )


def _written(node: Node) -> str | None:
    """What a node always gives; None when that depends on the page."""
    if isinstance(node, TextNode):
        return node.s
    if isinstance(node, TranslateNode):
        literal = node.filter_expression.var.literal is not None and not node.filter_expression.filters
        constant = literal and node.asvar is None and node.message_context is None
    elif isinstance(node, SimpleNode) and node.func in CONSTANT:
        constant = node.target_var is None and all(map(_is_constant, [*node.args, *node.kwargs.values()]))
    else:
        return None
    return str(node.render(Context())) if constant else None


def _is_constant(argument: FilterExpression) -> bool:
    return not argument.is_var and not argument.filters


def _text(words: str, *, like: Node) -> TextNode:
    text = TextNode(words)
    given: Any = like
    text.token, text.origin = given.token, given.origin
    return text
