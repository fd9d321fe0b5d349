// The English texts of coming in, one’s own pages and the statistics: imported by what says them, and loaded with it.
import { own } from "./en/own";
import { addTexts } from "./index.svelte";

addTexts(own);
