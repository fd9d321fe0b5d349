// Pages that record what they play.

import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/**
 * Opens a page with an audio element under the server's address, as if the server had it. Its scripts can ask the
 * server for anything, and have `recorder(audio, rate)`, and what the `libraries` bring.
 */
export const openBench = async (page, server, ...libraries) => {
  const address = new URL("/bench", server).href;
  const body = "<!doctype html><title>Bench</title><audio></audio>";
  await page.route(address, (route) => route.fulfill({ contentType: "text/html", body }));
  await page.goto(address);
  for (const script of ["./recorder.js", ...libraries]) {
    await page.addScriptTag({ path: fileURLToPath(import.meta.resolve(script)) });
  }
};

/** Keeps what a recorder has heard, which it tells in base64, in a file of 32-bit floats. */
export const keep = (file, heard) => writeFile(file, Buffer.from(heard, "base64"));
