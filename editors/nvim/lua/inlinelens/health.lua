-- :checkhealth inlinelens
local M = {}

local function run(command)
  local ok, result = pcall(function()
    return vim.system(command, { text = true }):wait(10000)
  end)
  if ok and result.code == 0 then
    return vim.trim(result.stdout)
  end
end

function M.check()
  local health = vim.health
  health.start("inlinelens")
  if vim.fn.has("nvim-0.10") == 1 then
    health.ok("Neovim " .. tostring(vim.version()))
  else
    health.error("Neovim 0.10 or later is required")
    return
  end

  local options = require("inlinelens.config").get()
  local program = options.cmd[1]
  local version = vim.fn.executable(program) == 1 and run({ program, "version" })
  if version then
    health.ok(vim.fn.exepath(program) .. ": " .. vim.split(version, "\n")[1])
  else
    health.error(("the server %q is not executable"):format(program), {
      "Run: " .. require("inlinelens.config").install .. ", and add its directory to PATH",
      'Or set its path: require("inlinelens").setup({ cmd = { "/path/to/inlinelens", "serve" } })',
    })
  end

  local go = vim.fn.executable("go") == 1 and run({ "go", "version" })
  if go then
    health.ok(go)
  else
    health.error("the go command is not in PATH", { "Install Go 1.22 or later" })
  end

  local clients = vim.lsp.get_clients({ name = "inlinelens" })
  if #clients == 0 then
    health.info(
      "no server is running: it starts with the first Go file"
        .. (options.autostart and "" or ' after :lua require("inlinelens").enable()')
    )
  end
  for _, client in ipairs(clients) do
    local buffers = vim.tbl_count(client.attached_buffers or {})
    health.ok(("server running; buffers: %d; position encoding: %s"):format(buffers, client.offset_encoding))
  end
  if #vim.lsp.get_clients({ name = "gopls" }) > 0 then
    health.info("gopls is running beside it")
  end
end

return M
