/**
 * Builds what browsers get: every screen in src/screens and src/styles.css become files in dist/ whose names
 * carry a hash of their content; dist/manifest.json tells the server which name belongs to which.
 *
 *   node frontend/build.mjs            once, as `make install` does
 *   node frontend/build.mjs --watch    again at every change, until Ctrl-C
 */
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const source = path.join(here, "src");
const target = path.join(here, "dist");
const manifestFile = "manifest.json";

/** @returns {Promise<string[]>} the files that pages ask for by name; the rest is reached through these */
async function entryPoints() {
  const names = await readdir(source, { recursive: true }).catch(() => []);
  return names
    .map((name) => name.split(path.sep).join("/"))
    .filter((name) => name === "styles.css" || /^screens\/[^/]+\.js$/.test(name))
    .sort()
    .map((name) => path.join(source, name));
}

/**
 * The manifest: {"screens/landing.js": "screens/landing-AB12CD34.js", …}.
 * @param {esbuild.Metafile} metafile
 */
function manifestOf(metafile) {
  /** @type {Record<string, string>} */
  const manifest = {};
  for (const [file, output] of Object.entries(metafile.outputs)) {
    if (!output.entryPoint) continue;
    const logical = path.relative(source, path.resolve(here, output.entryPoint));
    manifest[logical.split(path.sep).join("/")] = inTarget(file);
  }
  return manifest;
}

/**
 * @param {string} file as esbuild writes it, relative to this folder
 * @returns {string} relative to dist/, with forward slashes
 */
function inTarget(file) {
  return path.relative(target, path.resolve(here, file)).split(path.sep).join("/");
}

/**
 * Writes the manifest in one step, and only after that takes away the files of earlier builds: a page that is
 * being made meanwhile never names a file that is not there.
 * @param {esbuild.Metafile} metafile
 */
async function finish(metafile) {
  const text = JSON.stringify(manifestOf(metafile), null, 2) + "\n";
  const half = path.join(target, `${manifestFile}.new`);
  await mkdir(target, { recursive: true });
  await writeFile(half, text);
  await rename(half, path.join(target, manifestFile));

  const wanted = new Set([manifestFile, ...Object.keys(metafile.outputs).map(inTarget)]);
  for (const entry of await readdir(target, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && !wanted.has(path.relative(target, file).split(path.sep).join("/"))) await rm(file);
  }
}

/** @returns {Promise<esbuild.BuildOptions>} */
async function options() {
  return {
    absWorkingDir: here,
    entryPoints: await entryPoints(),
    outbase: source,
    outdir: target,
    bundle: true,
    splitting: true,
    format: "esm",
    minify: true,
    sourcemap: "linked",
    // 14.1 and not 14: older Safaris misread destructuring, which the libraries use and esbuild cannot rewrite
    target: ["es2020", "safari14.1"],
    charset: "utf8",
    metafile: true,
    entryNames: "[dir]/[name]-[hash]",
    chunkNames: "shared/[name]-[hash]",
    assetNames: "assets/[name]-[hash]",
    loader: { ".woff2": "file", ".woff": "file", ".png": "file", ".svg": "dataurl" },
    legalComments: "linked",
    logLevel: "info",
  };
}

/** Builds at every change. A screen that is added or taken away is seen as well: the entry points are read anew. */
async function watch() {
  let known = "";
  /** @type {esbuild.BuildContext | undefined} */
  let context;
  for (;;) {
    const settings = await options();
    const found = JSON.stringify(settings.entryPoints);
    if (found !== known) {
      await context?.dispose();
      context = await esbuild.context({
        ...settings,
        plugins: [
          {
            name: "manifest",
            setup(build) {
              build.onEnd((result) => (result.errors.length || !result.metafile ? undefined : finish(result.metafile)));
            },
          },
        ],
      });
      await context.watch();
      known = found;
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

if (process.argv.includes("--watch")) {
  await watch();
} else {
  const { metafile } = await esbuild.build({ ...(await options()), metafile: true });
  await finish(metafile);
}
