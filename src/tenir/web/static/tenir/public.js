// The customer's pages: every one of them works without this.
import "./http.js";
import "./toast.js";
import "./dialog.js";
import "./phone.js";
import "./dates.js";
import "./copy.js";
import "./drop.js";
