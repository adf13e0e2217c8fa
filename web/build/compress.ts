import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

const worthCompressing = /\.(?:js|css|html|svg|json|txt)$/;

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** Writes `.br` and `.gz` beside each text asset of what is served. */
export function compress(): Plugin {
  let folder = "dist";
  return {
    name: "realms-compress",
    apply: "build",
    configResolved(config) {
      folder = config.build.outDir;
    },
    async closeBundle() {
      for (const path of await readdir(folder, { recursive: true })) {
        if (path.startsWith(".vite") || !worthCompressing.test(path)) continue;
        await compressFile(join(folder, path));
      }
    },
  };
}

/** Writes the compressed copies that are smaller than the file; what is not is served as it is. */
async function compressFile(path: string): Promise<void> {
  const plain = await readFile(path);
  const gzipped = await zip(plain, { level: 9 });
  const brotlied = await brotli(plain, {
    params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY },
  });
  if (gzipped.length < plain.length) await writeFile(`${path}.gz`, gzipped);
  if (brotlied.length < plain.length) await writeFile(`${path}.br`, brotlied);
}
