// Writes the tree of the pages anew from the files in src/routes, as tsr.config.json says.
import { Generator, getConfig } from "@tanstack/router-generator";

const root = process.cwd();
await new Generator({ config: getConfig({}, root), root }).run();
