// The one entry: each module listens on the document, so that swapped-in parts need no start.
import * as chip from "./chip.js";
import * as embed from "./embed.js";
import * as forms from "./forms.js";
import * as keys from "./keys.js";
import * as pieces from "./pieces.js";
import * as theme from "./switch.js";

for (const part of [theme, chip, forms, pieces, keys, embed]) part.start();
