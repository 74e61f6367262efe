// Everything the desk's pages use. Each module listens on the document, so that what htmx brings later is served too.
import "./http.js";
import "./toast.js";
import "./dialog.js";
import "./menus.js";
import "./keyed.js";
import "./live.js";
import "./keys.js";
import "./palette.js";
import "./select.js";
import "./composer.js";
import "./undo.js";
import "./phone.js";
import "./dates.js";
import "./copy.js";
import "./remote-images.js";
import "./viewing.js";
import "./theme.js";
