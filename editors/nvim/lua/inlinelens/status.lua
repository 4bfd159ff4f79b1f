-- The state of the packages of open files, as the server tells it.
local M = {}

local packages = {}

-- set takes the params of inlinelens/status.
function M.set(params)
  packages = params.packages or {}
  vim.cmd.redrawstatus({ bang = true })
end

-- of returns what is known of the package of a buffer; nil if there is nothing.
function M.of(buffer)
  local name = vim.api.nvim_buf_get_name(buffer or 0)
  local dir = vim.fs.dirname(name)
  local found
  for _, p in ipairs(packages) do
    if p.dir == name then -- it is compiled alone
      return p
    elseif p.dir == dir then
      found = p
    end
  end
  return found
end

-- line returns the state in words.
function M.line(buffer)
  local p = M.of(buffer)
  if not p then
    return ""
  elseif p.state == "failed" and p.error then
    -- A status line takes %{...} for code.
    return "failed: " .. (p.error.message:gsub("%%", "％"))
  end
  local uri = vim.uri_from_bufnr(buffer or 0)
  for _, file in ipairs(p.files or {}) do
    if file.uri == uri then
      return "no verdicts: " .. (file.note:gsub("%%", "％"))
    end
  end
  return p.state
end

return M
