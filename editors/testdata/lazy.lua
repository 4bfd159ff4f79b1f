-- What lazy.nvim does with the configuration of docs/editors.md, of which PLUGIN is
-- the directory editors/nvim.
vim.opt.swapfile = false
vim.cmd("filetype on")
vim.api.nvim_create_autocmd("FileType", {
  pattern = "go",
  once = true,
  callback = function(event)
    vim.opt.rtp:append(vim.env.PLUGIN)
    vim.cmd.runtime("plugin/inlinelens.lua")
    -- So that what has just been loaded sees the file type, too.
    vim.api.nvim_exec_autocmds("FileType", { buffer = event.buf, modeline = false })
  end,
})
