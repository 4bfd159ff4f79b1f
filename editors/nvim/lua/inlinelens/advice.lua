-- Waits for the changes that make a function inlinable, and asks for code actions again.
local M = {}

local request = require("inlinelens.request")

-- wait runs the command of the code action that says that changes are being tried.
function M.wait(command, context)
  local buffer = context.bufnr
  local client = vim.lsp.get_client_by_id(context.client_id)
  if not client then
    return
  end
  vim.notify("inlinelens: trying changes…")
  request.send(
    client,
    "workspace/executeCommand",
    {
      command = command.command,
      arguments = command.arguments,
    },
    buffer,
    function(advice)
      if not advice then
        return
      end
      if advice.offers == 0 then
        vim.notify("inlinelens: no change makes it inlinable: " .. advice.why)
        return
      end
      if vim.api.nvim_get_current_buf() == buffer then
        vim.lsp.buf.code_action({
          filter = function(action)
            return vim.startswith(action.title, "Inlinelens: make ")
          end,
        })
      end
    end,
    true
  )
end

return M
