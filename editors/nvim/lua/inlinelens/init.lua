-- The client of inlinelens serve, which shows for every call whether the Go compiler
-- inlined it. It runs beside gopls and does not need it.
local M = {}

local config = require("inlinelens.config")

local told = false

-- runs reports whether the server can be started. The first time that it cannot, it says so.
local function runs()
  local missing = config.missing()
  if missing and not told then
    told = true
    vim.notify(missing, vim.log.levels.WARN)
  end
  return not missing
end

-- start enables the server for Go files and defines :InlineLens. The plugin calls it
-- when it is loaded.
function M.start()
  require("inlinelens.commands").define()
  require("inlinelens.paint").highlights()
  if config.get().autostart then
    M.enable()
  end
end

-- setup changes options; see :help inlinelens-options. Calling it is optional.
function M.setup(options)
  config.set(options)
  if vim.fn.has("nvim-0.11") == 1 then
    vim.lsp.config("inlinelens", config.client())
    vim.lsp.enable("inlinelens", config.get().autostart)
  end
  if not config.get().autostart then
    vim.api.nvim_create_augroup("inlinelens", { clear = true })
  end
end

-- enable starts the server for all Go files, open ones included.
function M.enable()
  local enabled = vim.fn.has("nvim-0.11") == 1
  if enabled then
    vim.lsp.enable("inlinelens")
  end
  local function start_client(buffer)
    if not vim.api.nvim_buf_is_valid(buffer) or not runs() or enabled then
      return
    end
    local client = config.client()
    local root = vim.fs.find(client.root_markers, { path = vim.api.nvim_buf_get_name(buffer), upward = true })[1]
    client.root_dir = root and vim.fs.dirname(root) or nil
    vim.lsp.start(client, { bufnr = buffer, reuse_client = client.reuse_client })
  end
  -- What loads the plugin may call setup() afterwards.
  local function start_soon(buffer)
    vim.schedule(function()
      start_client(buffer)
    end)
  end
  vim.api.nvim_create_autocmd("FileType", {
    group = vim.api.nvim_create_augroup("inlinelens", { clear = true }),
    pattern = "go",
    callback = function(event)
      start_soon(event.buf)
    end,
  })
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buffer) and vim.bo[buffer].filetype == "go" then
      start_soon(buffer)
    end
  end
end

-- status returns the state of a buffer, by default the current one, for a status line:
-- "", "compiling", "fresh", "stale" or "failed: ...".
function M.status(buffer)
  return require("inlinelens.status").line(buffer)
end

return M
