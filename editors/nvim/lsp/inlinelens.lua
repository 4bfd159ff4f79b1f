-- What vim.lsp.enable("inlinelens") starts, from Neovim 0.11 on.
return require("inlinelens.config").client()
