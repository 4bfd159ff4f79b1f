-- The configuration for vim.lsp.enable("inlinelens"), from Neovim 0.11 on.
return require("inlinelens.config").client()
