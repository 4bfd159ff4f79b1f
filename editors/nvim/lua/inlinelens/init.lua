-- Verdicts of the Go compiler about every call: the client of inlinelens serve.
-- It runs beside gopls and needs nothing of it.
local M = {}

local config = require("inlinelens.config")

-- start enables the server for Go files, and defines :InlineLens. The plugin does
-- so when it is loaded.
function M.start()
  require("inlinelens.commands").define()
  require("inlinelens.paint").highlights()
  if config.get().autostart then
    M.enable()
  end
end

-- setup changes options; see :help inlinelens-options. There is no need to call it.
function M.setup(options)
  config.set(options)
  if vim.fn.has("nvim-0.11") == 1 then
    vim.lsp.config("inlinelens", config.client())
    vim.lsp.enable("inlinelens", config.get().autostart)
  elseif not config.get().autostart then
    vim.api.nvim_create_augroup("inlinelens", { clear = true })
  end
end

-- enable starts the server with each Go file that is opened, and for those that are
-- open.
function M.enable()
  if vim.fn.has("nvim-0.11") == 1 then
    vim.lsp.enable("inlinelens")
    return
  end
  local function begin(buffer)
    local client = config.client()
    local root = vim.fs.find(client.root_markers, { path = vim.api.nvim_buf_get_name(buffer), upward = true })[1]
    client.root_dir = root and vim.fs.dirname(root) or nil
    vim.lsp.start(client, { bufnr = buffer, reuse_client = client.reuse_client })
  end
  vim.api.nvim_create_autocmd("FileType", {
    group = vim.api.nvim_create_augroup("inlinelens", { clear = true }),
    pattern = "go",
    callback = function(event)
      begin(event.buf)
    end,
  })
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buffer) and vim.bo[buffer].filetype == "go" then
      begin(buffer)
    end
  end
end

-- status returns what to show in a status line for a buffer, the current one if it
-- is nil: "", "compiling", "fresh", "stale", "failed: ...".
function M.status(buffer)
  return require("inlinelens.status").line(buffer)
end

return M
