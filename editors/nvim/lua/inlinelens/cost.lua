-- Shows the cost of each line of a function as bars before the text.
local M = {}

local request = require("inlinelens.request")

local namespace = vim.api.nvim_create_namespace("inlinelens.cost")

local width = 10 -- of the longest bar, in cells
local eighths = { "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█" }

-- By buffer: the first and the last line, 0-based, of the function that is shown.
local shown = {}

-- bar returns a bar for a share, 0 to 1, padded to a fixed width.
local function bar(share)
  local units = math.max(1, math.floor(share * width * 8 + 0.5))
  local text = ("█"):rep(math.floor(units / 8)) .. (eighths[units % 8] or "")
  return text .. (" "):rep(width - vim.fn.strdisplaywidth(text))
end

local function hide(buffer)
  shown[buffer] = nil
  vim.api.nvim_buf_clear_namespace(buffer, namespace, 0, -1)
end

-- summary returns the text after the function's first line.
local function summary(cost)
  local text = ("cost %d"):format(cost.cost)
  if not cost.inlinable and cost.reason and cost.reason ~= "" then
    text = cost.reason
  elseif cost.budget > 0 then
    text = ("cost %d, budget %d"):format(cost.cost, cost.budget)
  end
  if cost.unexplained ~= 0 then
    text = text .. (", of which %d is unexplained"):format(cost.unexplained)
  end
  return text
end

-- closing_row returns the row of the closing brace, which has no cost; last if it is not
-- found. gofmt indents it like the first line.
local function closing_row(buffer, first, last)
  local lines = vim.api.nvim_buf_get_lines(buffer, first, -1, false)
  local indent = (lines[1] or ""):match("^%s*")
  if (lines[1] or ""):match("}%s*$") then
    return last
  end
  for i = last - first + 2, #lines do
    if vim.startswith(lines[i], indent .. "}") then
      return first + i - 1
    end
  end
  return last
end

local function show(cost, buffer)
  hide(buffer)
  local first, last = cost.range.start.line, cost.range.start.line
  local greatest, by_line = 1, {}
  for _, line in ipairs(cost.lines) do
    first, last = math.min(first, line.line), math.max(last, line.line)
    greatest = math.max(greatest, line.cost)
    by_line[line.line] = line
  end
  last = math.min(closing_row(buffer, first, last), vim.api.nvim_buf_line_count(buffer) - 1)
  local widest = #("%d/%d"):format(cost.cost, cost.budget)
  for row = first, last do
    local line = by_line[row]
    local group = line and line.over and "InlineLensOver" or "InlineLensBar"
    local gutter = (" "):rep(5 + width + 1 + widest)
    if line then
      local total = cost.budget > 0 and ("%d/%d"):format(line.total, cost.budget) or tostring(line.total)
      gutter = ("%4d "):format(line.cost) .. bar(line.cost / greatest) .. (" %" .. widest .. "s"):format(total)
      vim.api.nvim_buf_set_extmark(buffer, namespace, row, 0, {
        virt_text = { { "  " .. line.text, "InlineLensHint" } },
        virt_text_pos = "eol",
      })
    end
    vim.api.nvim_buf_set_extmark(buffer, namespace, row, 0, {
      virt_text = { { gutter, group }, { " │ ", "InlineLensHint" } },
      virt_text_pos = "inline",
      right_gravity = false,
    })
  end
  vim.api.nvim_buf_set_extmark(buffer, namespace, cost.range.start.line, 0, {
    virt_text = { { "  " .. summary(cost), cost.inlinable and "InlineLensBar" or "InlineLensOver" } },
    virt_text_pos = "eol",
  })
  shown[buffer] = { first, last }
end

-- toggle shows or hides the cost of the function at the cursor.
function M.toggle()
  local buffer = vim.api.nvim_get_current_buf()
  if shown[buffer] then
    hide(buffer)
    return
  end
  request.here("inlinelens/cost", function(cost)
    if not cost then
      vim.notify("inlinelens: no cost is known at the cursor", vim.log.levels.INFO)
      return
    end
    show(cost, buffer)
  end)
end

-- edited hides the cost if an edit of the lines first to last, 0-based, touches its
-- function. Otherwise the extmarks move with the text.
function M.edited(buffer, first, last)
  local at = shown[buffer]
  if at and first <= at[2] and last >= at[1] then
    vim.schedule(function()
      if vim.api.nvim_buf_is_loaded(buffer) then
        hide(buffer)
      end
    end)
  end
end

return M
