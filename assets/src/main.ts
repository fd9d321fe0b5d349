// Starts the player: styles, language, session, then the page.
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
await Promise.all([chooseLanguage(), session.start()]);
const target = document.getElementById("player");
void saved.start();
if (target) mount(App, { target });
