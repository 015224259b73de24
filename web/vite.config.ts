import { defineConfig } from 'vite';

/**
 * The page is built of plain files: one script, one style sheet, and a script for each locale. All paths
 * are relative, so that it can be served from anywhere.
 */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  build: {
    target: 'es2024',
    // Nothing in the page may be inline: its Content-Security-Policy allows neither data: nor inline.
    assetsInlineLimit: 0,
    modulePreload: false,
  },
});
