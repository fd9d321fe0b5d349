// Starts the player. The page is there at once, and fills as its texts and the session come.
import "@fontsource-variable/inter/wght.css";
import "./styles/tokens.css";
import "./styles/base.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { chooseLanguage } from "./i18n/index.svelte";
import { followOldLink } from "./lib/ways";
import { saved } from "./offline/saved.svelte";
import { session } from "./stores/session.svelte";
import { ui } from "./stores/ui.svelte";

followOldLink();
ui.start();
void chooseLanguage();
// Whose the tracks are that are saved here is known only then.
void session.start().then(() => saved.start());
const target = document.getElementById("player");
if (target) mount(App, { target });
