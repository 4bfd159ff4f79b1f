-- The user's options, and the configuration of the client.
local M = {}

-- install is the command that installs the server.
M.install = "go install github.com/inlinelens/inlinelens/cmd/inlinelens@latest"

-- The defaults of the options, which setup() and vim.g.inlinelens can set.
M.defaults = {
  -- Starts the server with the first Go file.
  autostart = true,
  -- The server's command line.
  cmd = { "inlinelens", "serve" },
  -- The server's settings; see docs/settings.md. Names have no prefix.
  settings = {},
  -- Whether to show code lenses above functions.
  lenses = true,
}

local user_options = {}

-- set sets the user's options. It reports unknown ones.
function M.set(options)
  for name in pairs(options or {}) do
    if M.defaults[name] == nil then
      vim.notify(
        ("inlinelens: unknown option %q; the options are: %s"):format(
          name,
          table.concat(vim.fn.sort(vim.tbl_keys(M.defaults)), ", ")
        ),
        vim.log.levels.ERROR
      )
    end
  end
  user_options = options or {}
end

-- get returns the current options.
function M.get()
  local global = type(vim.g.inlinelens) == "table" and vim.g.inlinelens or {}
  return vim.tbl_extend("force", M.defaults, global, user_options)
end

-- missing returns what to tell the user if the program is not there, or nil.
function M.missing()
  local cmd = M.get().cmd
  if type(cmd) ~= "table" or vim.fn.executable(cmd[1]) == 1 then
    return nil
  end
  local words = "inlinelens: %q is not executable. Run:\n  %s\nand add its directory to PATH."
    .. " :checkhealth inlinelens says more."
  return words:format(cmd[1], M.install)
end

-- client returns the configuration of the client, for vim.lsp.config.
function M.client()
  local options = M.get()
  local capabilities = vim.lsp.protocol.make_client_capabilities()
  capabilities.experimental = vim.tbl_deep_extend(
    "force",
    capabilities.experimental or {},
    { inlinelens = { status = true, diagnostics = true, advice = true, progress = true } }
  )
  return {
    name = "inlinelens",
    cmd = options.cmd,
    filetypes = { "go" },
    root_markers = { "go.work", "go.mod", ".git" },
    capabilities = capabilities,
    settings = { inlinelens = options.settings },
    handlers = require("inlinelens.handlers"),
    commands = { ["inlinelens.advise"] = require("inlinelens.advice").wait },
    on_init = function(client)
      -- Neovim draws the hints of only one server (neovim#36318), and lenses only if the
      -- user enabled those of all servers. This plugin draws the hints and lenses itself.
      client.server_capabilities.inlayHintProvider = nil
      client.server_capabilities.codeLensProvider = nil
      if vim.fn.has("nvim-0.11") == 0 then
        -- Neovim 0.10 shows only the first of two hovers, and moves the cursor into it when
        -- the second arrives.
        client.server_capabilities.hoverProvider = nil
      end
    end,
    on_attach = function(client, buffer)
      require("inlinelens.paint").attach(client, buffer)
    end,
    -- One server serves all modules. A file of the standard library, opened by "go to
    -- definition", does not need its own.
    reuse_client = function(client)
      return client.name == "inlinelens"
    end,
  }
end

return M
