-- Draws hints and lenses as extmarks, without Neovim's own support for them.
local M = {}

local request = require("inlinelens.request")

local hints = vim.api.nvim_create_namespace("inlinelens.hints")
local lenses = vim.api.nvim_create_namespace("inlinelens.lenses")

-- How long after the last edit the server is asked for new hints, in milliseconds.
local debounce = 100

-- By buffer: the timer of the debounce, and the number of the last request.
local timers, serials = {}, {}

function M.highlights()
  vim.api.nvim_set_hl(0, "InlineLensHint", { default = true, link = "LspInlayHint" })
  vim.api.nvim_set_hl(0, "InlineLensLens", { default = true, link = "LspCodeLens" })
  vim.api.nvim_set_hl(0, "InlineLensBar", { default = true, link = "DiagnosticInfo" })
  vim.api.nvim_set_hl(0, "InlineLensOver", { default = true, link = "DiagnosticWarn" })
end

local function text_of(label)
  if type(label) == "string" then
    return label
  end
  local parts = {}
  for _, part in ipairs(label) do
    parts[#parts + 1] = part.value
  end
  return table.concat(parts)
end

local function draw_hints(client, buffer, list)
  vim.api.nvim_buf_clear_namespace(buffer, hints, 0, -1)
  local lines = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
  for _, hint in ipairs(list or {}) do
    local at = hint.position
    local line = lines[at.line + 1]
    if line then
      local text = text_of(hint.label)
      local chunks = { { text, "InlineLensHint" } }
      if hint.paddingLeft then
        table.insert(chunks, 1, { " " })
      end
      if hint.paddingRight then
        chunks[#chunks + 1] = { " " }
      end
      vim.api.nvim_buf_set_extmark(buffer, hints, at.line, request.column(line, at.character, client.offset_encoding), {
        virt_text = chunks,
        virt_text_pos = "inline",
        hl_mode = "combine",
      })
    end
  end
end

local function draw_lens(buffer, lens)
  local row = lens.range.start.line
  local line = vim.api.nvim_buf_get_lines(buffer, row, row + 1, false)[1]
  if line and lens.command and lens.command.title ~= "…" then
    vim.api.nvim_buf_set_extmark(buffer, lenses, row, 0, {
      virt_lines = { { { line:match("^%s*"), "" }, { lens.command.title, "InlineLensLens" } } },
      virt_lines_above = true,
    })
  end
end

local function draw_lenses(client, buffer, list, serial)
  list = list or {}
  local resolved, open = {}, #list
  local function done()
    if serials[buffer] ~= serial then
      return -- the text has changed, and there was another request
    end
    vim.api.nvim_buf_clear_namespace(buffer, lenses, 0, -1)
    for _, lens in ipairs(resolved) do
      draw_lens(buffer, lens)
    end
  end
  if open == 0 then
    done()
  end
  for _, lens in ipairs(list) do
    request.send(client, "codeLens/resolve", lens, buffer, function(answer)
      resolved[#resolved + 1] = answer
      open = open - 1
      if open == 0 then
        done()
      end
    end)
  end
end

-- update requests the hints and lenses of a buffer and draws them.
local function update(client, buffer)
  local serial = (serials[buffer] or 0) + 1
  serials[buffer] = serial
  local document = { uri = vim.uri_from_bufnr(buffer) }
  local range =
    { start = { line = 0, character = 0 }, ["end"] = { line = vim.api.nvim_buf_line_count(buffer), character = 0 } }
  request.send(client, "textDocument/inlayHint", { textDocument = document, range = range }, buffer, function(list)
    if serials[buffer] == serial then
      draw_hints(client, buffer, list)
    end
  end)
  if require("inlinelens.config").get().lenses then
    request.send(client, "textDocument/codeLens", { textDocument = document }, buffer, function(list)
      if serials[buffer] == serial then
        draw_lenses(client, buffer, list, serial)
      end
    end)
  end
end

local function clear(buffer)
  serials[buffer] = (serials[buffer] or 0) + 1
  if vim.api.nvim_buf_is_loaded(buffer) then
    vim.api.nvim_buf_clear_namespace(buffer, hints, 0, -1)
    vim.api.nvim_buf_clear_namespace(buffer, lenses, 0, -1)
  end
end

-- update_later updates a buffer after the last of several edits.
local function update_later(buffer)
  local timer = timers[buffer] or assert(vim.uv.new_timer())
  timers[buffer] = timer
  timer:start(
    debounce,
    0,
    vim.schedule_wrap(function()
      local client = vim.api.nvim_buf_is_loaded(buffer) and request.client(buffer)
      if client then
        update(client, buffer)
      end
    end)
  )
end

-- detach removes everything from a buffer.
local function detach(buffer)
  clear(buffer)
  if timers[buffer] then
    timers[buffer]:close()
    timers[buffer] = nil
  end
end

-- attach draws a buffer from now on.
function M.attach(client, buffer)
  if timers[buffer] == nil then
    update_later(buffer)
    vim.api.nvim_buf_attach(buffer, false, {
      on_lines = function(_, _, _, first, _, last)
        if timers[buffer] == nil then
          return true -- detached
        end
        require("inlinelens.cost").edited(buffer, first, last)
        update_later(buffer)
      end,
      on_detach = function()
        detach(buffer)
      end,
    })
    vim.api.nvim_create_autocmd("LspDetach", {
      buffer = buffer,
      callback = function(event)
        if event.data.client_id == client.id then
          detach(buffer)
          return true
        end
      end,
    })
  end
  update(client, buffer)
end

-- refresh updates all buffers of a client.
function M.refresh(client_id)
  local client = vim.lsp.get_client_by_id(client_id)
  for buffer in pairs(timers) do
    if client and vim.lsp.buf_is_attached(buffer, client_id) then
      update(client, buffer)
    end
  end
end

return M
