-- The status of the packages of open files, as the server reports it.
local M = {}

local packages, hints = {}, {}

-- set stores the params of inlinelens/status.
function M.set(params)
  packages, hints = params.packages or {}, params.hints or {}
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

-- preset returns the name of the preset of hints that is shown, or "".
function M.preset()
  return hints.preset
end

-- hints returns which calls of a buffer's package have hints, or nil.
function M.hints(buffer)
  local p = package_of(buffer)
  if not p or hints.preset == "off" then
    return hints.title
  end
  return ("%s: %d of %d calls"):format(hints.title, p.hinted, p.calls)
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
