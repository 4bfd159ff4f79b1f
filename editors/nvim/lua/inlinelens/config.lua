-- What the user set, and the client's configuration that follows from it.
local M = {}

-- The defaults of everything that setup() and vim.g.inlinelens may set.
M.defaults = {
  -- Starts the server with the first Go file.
  autostart = true,
  -- The server's command line.
  cmd = { "inlinelens", "serve" },
  -- The server's settings: docs/settings.md, without the prefix "inlinelens".
  settings = {},
  -- Code lenses above functions. The setting lenses.enabled is the server's side.
  lenses = true,
}

local given = {}

-- set takes the user's options. Unknown ones are named.
function M.set(options)
  for name in pairs(options or {}) do
    if M.defaults[name] == nil then
      vim.notify(
        ("inlinelens: there is no option %q; there are: %s"):format(
          name,
          table.concat(vim.fn.sort(vim.tbl_keys(M.defaults)), ", ")
        ),
        vim.log.levels.ERROR
      )
    end
  end
  given = options or {}
end

-- get returns the options as they are now.
function M.get()
  local global = type(vim.g.inlinelens) == "table" and vim.g.inlinelens or {}
  return vim.tbl_extend("force", M.defaults, global, given)
end

-- client returns the configuration of the client, as vim.lsp.config takes it.
function M.client()
  local options = M.get()
  local capabilities = vim.lsp.protocol.make_client_capabilities()
  capabilities.experimental = vim.tbl_deep_extend(
    "force",
    capabilities.experimental or {},
    { inlinelens = { status = true, diagnostics = true } }
  )
  return {
    name = "inlinelens",
    cmd = options.cmd,
    filetypes = { "go" },
    root_markers = { "go.work", "go.mod", ".git" },
    capabilities = capabilities,
    settings = { inlinelens = options.settings },
    handlers = require("inlinelens.handlers"),
    on_init = function(client)
      -- Neovim paints the hints of one server only (neovim#36318), and lenses only
      -- where the user turned all of them on: this plugin paints this server's.
      client.server_capabilities.inlayHintProvider = nil
      client.server_capabilities.codeLensProvider = nil
      if vim.fn.has("nvim-0.11") == 0 then
        -- Of two hovers Neovim 0.10 shows the first, and moves the cursor into it when
        -- the second comes.
        client.server_capabilities.hoverProvider = nil
      end
    end,
    on_attach = function(client, buffer)
      require("inlinelens.paint").attach(client, buffer)
    end,
    -- One server answers for all modules: a file of the standard library that "go to
    -- definition" opened needs none of its own.
    reuse_client = function(client)
      return client.name == "inlinelens"
    end,
  }
end

return M
