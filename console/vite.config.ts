import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = 'http://127.0.0.1:8080';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Nothing is inlined as a data: address, so that the content security policy can stay narrow.
    assetsInlineLimit: 0,
    rolldownOptions: {
      // What several rooms share comes as one file, not as forty of a few hundred bytes.
      output: {
        codeSplitting: {
          groups: [{ name: 'shared', minShareCount: 3, test: /console[\\/]src|lucide-react|react-query/ }],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/v1': server, '/api': server },
  },
});
