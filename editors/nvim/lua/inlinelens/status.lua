-- The status of the packages of open files, as the server reports it.
local M = {}

local packages = {}

-- set stores the params of inlinelens/status.
function M.set(params)
  packages = params.packages or {}
  vim.cmd.redrawstatus({ bang = true })
end

-- package_of returns the status of a buffer's package, or nil.
local function package_of(buffer)
  local name = vim.api.nvim_buf_get_name(buffer or 0)
  local dir = vim.fs.dirname(name)
  local found
  for _, p in ipairs(packages) do
    if p.dir == name then -- a file that is compiled by itself
      return p
    elseif p.dir == dir then
      found = p
    end
  end
  return found
end

-- line returns the state as text.
function M.line(buffer)
  local p = package_of(buffer)
  if not p then
    return ""
  elseif p.state == "failed" and p.error then
    -- A status line evaluates %{...}.
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
