-- Formats the server's Markdown for a floating window. Neovim highlights Markdown, but it
-- wraps lines before it hides the targets of links, wraps within words, and does not align
-- tables.
local M = {}

-- without_links replaces each link, [text](scheme:...), by its text. The text may contain
-- brackets, such as those of type arguments.
local function without_links(line)
  local from = 1
  while true do
    local first, last = line:find("%]%(%a+:[^%s)]*%)", from)
    if not first then
      return line
    end
    local open, depth = first - 1, 1
    while open > 0 do
      local c = line:sub(open, open)
      depth = depth + (c == "]" and 1 or c == "[" and -1 or 0)
      if depth == 0 then
        break
      end
      open = open - 1
    end
    if open > 0 then
      line = line:sub(1, open - 1) .. line:sub(open + 1, first - 1) .. line:sub(last + 1)
      from = first - 1
    else
      from = last + 1
    end
  end
end

-- cells returns the cells of a row of a table; nil if the line is not one.
local function cells(line)
  local inner = line:match("^|(.*)|$")
  if not inner then
    return nil
  end
  local list = {}
  for cell in (inner .. "|"):gmatch("(.-)|") do
    list[#list + 1] = vim.trim(cell:gsub("%*%*", ""))
  end
  return list
end

-- align formats the rows of a table in columns. The second row has the alignments.
local function align(rows)
  local rule = table.remove(rows, 2) or {}
  local widths = {}
  for _, row in ipairs(rows) do
    for i, cell in ipairs(row) do
      widths[i] = math.max(widths[i] or 0, vim.fn.strdisplaywidth(cell))
    end
  end
  local lines = {}
  for _, row in ipairs(rows) do
    local parts = {}
    for i, cell in ipairs(row) do
      local space = (" "):rep(widths[i] - vim.fn.strdisplaywidth(cell))
      parts[i] = (rule[i] or ""):match("^%-+:$") and space .. cell or cell .. space
    end
    -- Indented by two spaces; four or more would be a code block.
    lines[#lines + 1] = ("  " .. table.concat(parts, "  ")):gsub("%s+$", "")
  end
  return lines
end

-- wrap appends a line of text, wrapped between words. Hidden markup counts as visible.
local function wrap(lines, line, width)
  local indent = line:match("^%- ") and "  " or ""
  while vim.fn.strdisplaywidth(line) > width do
    local head = vim.fn.strcharpart(line, 0, width + 1)
    local first, rest = head:match("^(.*%S)%s+()")
    if not first or first:match("^%s*%-?$") then
      break -- one long word
    end
    lines[#lines + 1] = first
    line = indent .. line:sub(rest)
  end
  lines[#lines + 1] = line
end

-- lines returns the lines of a page, with text wrapped at that width.
function M.lines(markdown, width)
  local lines, rows = {}, {}
  local function flush()
    vim.list_extend(lines, align(rows))
    rows = {}
  end
  for _, line in ipairs(vim.split(markdown, "\n", { trimempty = true })) do
    line = without_links(line):gsub("\\([*_|<>#])", "%1")
    local row = cells(line)
    if row then
      rows[#rows + 1] = row
    else
      flush()
      wrap(lines, line, width)
    end
  end
  flush()
  return lines
end

return M
