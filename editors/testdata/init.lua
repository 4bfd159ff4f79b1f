-- The configuration of a user with this plugin, and gopls with hints for parameter names.
vim.opt.runtimepath:append(vim.env.PLUGIN)
vim.opt.swapfile = false
vim.opt.more = false
vim.opt.statusline = "state: %{v:lua.require'inlinelens'.status()}."
vim.opt.laststatus = 2
vim.cmd("filetype on")
local settings = { gopls = { hints = { parameterNames = true } } }
if vim.fn.has("nvim-0.11") == 1 then
  vim.lsp.config("gopls", { cmd = { "gopls" }, filetypes = { "go" }, root_markers = { "go.mod" }, settings = settings })
  vim.lsp.enable("gopls")
else
  vim.api.nvim_create_autocmd("FileType", {
    pattern = "go",
    callback = function(event)
      vim.lsp.start({
        name = "gopls",
        cmd = { "gopls" },
        root_dir = vim.fs.root(event.buf, "go.mod"),
        settings = settings,
      })
    end,
  })
end
vim.api.nvim_create_autocmd("LspAttach", {
  callback = function(event)
    if vim.lsp.get_client_by_id(event.data.client_id).name == "gopls" then
      vim.lsp.inlay_hint.enable(true, { bufnr = event.buf })
    end
  end,
})
