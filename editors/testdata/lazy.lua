-- Loads the plugin as lazy.nvim does with the configuration of docs/editors.md. PLUGIN is
-- the directory editors/nvim.
vim.opt.swapfile = false
vim.cmd("filetype on")
vim.api.nvim_create_autocmd("FileType", {
  pattern = "go",
  once = true,
  callback = function(event)
    vim.opt.rtp:append(vim.env.PLUGIN)
    vim.cmd.runtime("plugin/inlinelens.lua")
    -- The plugin that has just been loaded needs the event, too.
    vim.api.nvim_exec_autocmds("FileType", { buffer = event.buf, modeline = false })
  end,
})
