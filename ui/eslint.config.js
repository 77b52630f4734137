import a11y from "eslint-plugin-jsx-a11y";
import lingui from "eslint-plugin-lingui";
import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

// Each folder may import itself, what is beneath it, and nothing beside it.
const layers = {
  parts: ["shell", "inspections", "people", "sync", "commands", "bridge"],
  commands: ["shell", "inspections", "people", "sync"],
  inspections: ["shell", "people", "sync"],
  people: ["shell", "inspections", "sync"],
  sync: ["shell", "inspections", "people"],
};

const keepApart = Object.entries(layers).map(([folder, strangers]) => ({
  files: [`src/${folder}/**/*.{ts,tsx}`],
  rules: {
    "no-restricted-imports": ["error", {
      patterns: [
        { group: ["@tauri-apps/*"], message: "Only the bridge talks to the native side." },
        ...strangers.map((stranger) => ({
          group: [`**/${stranger}`, `**/${stranger}/**`],
          message: "Features do not import each other, and parts know no feature; the shell composes.",
        })),
      ],
    }],
  },
}));

export default tseslint.config(
  { ignores: ["dist", "node_modules"] },
  ...tseslint.configs.recommended,
  a11y.flatConfigs.recommended,
  {
    files: ["src/**/*.{ts,tsx}"],
    plugins: { "react-hooks": hooks },
    rules: {
      "jsx-a11y/no-autofocus": ["error", { ignoreNonDOM: true }],
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      "max-lines": ["error", { max: 250, skipBlankLines: true }],
      "no-restricted-syntax": ["error", {
        selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
        message: "Text is drawn as text.",
      }],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/bindings/**"],
    plugins: { lingui },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "lingui/t-call-in-function": "error",
      "lingui/no-plural-inside-trans": "error",
      "lingui/no-trans-inside-trans": "error",
      "lingui/no-unlocalized-strings": ["error", {
        useTsTypes: true,
        // Addresses, keys, file types, times and names that machines read.
        ignore: [
          "^[a-z0-9#][\\w.:/#|+=~*-]*$", "^(Ctrl|Alt)\\+", "^(Arrow(Left|Right|Up|Down)|UTC|English|Español|Feature|FeatureCollection|LineString|Point)$", "^·? ?Bailiwick$", "^[kMG]B$", "^language of ?$", "^T12:00:00Z$",
          "^translate\\(", "^var\\(--", "^data:", "^-hint$", "^\\.again$",
        ],
        ignoreNames: [
          "className", "style", "viewBox", "testid", "shortcut", "placement",
          { regex: { pattern: "^[A-Z0-9_]+$" } },
          { regex: { pattern: "^data-" } },
        ],
        ignoreFunctions: ["*.setProperty", "*.querySelector", "*.querySelectorAll", "*.getItem", "*.setItem", "*.closest", "*.matches", "*.startsWith", "*.includes", "*.replace", "*.replaceAll", "*.matchMedia", "*.join", "*.split", "*.getContext", "*.createElement", "*.addEventListener", "*.setAttribute", "Error", "console.*", "invoke", "listen"],
      }],
    },
  },
  {
    files: ["src/shell/**/*.{ts,tsx}"],
    rules: { "no-restricted-imports": ["error", { patterns: [{ group: ["@tauri-apps/*"], message: "Only the bridge talks to the native side." }] }] },
  },
  ...keepApart,
  { files: ["src/parts/Icon.tsx", "src/parts/map/{MapSvg,glStyle}.*"], rules: { "lingui/no-unlocalized-strings": "off" } },
  { files: ["src/bindings/**"], rules: { "@typescript-eslint/no-explicit-any": "off", "max-lines": "off" } },
);
