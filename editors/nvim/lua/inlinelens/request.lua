-- Requests to the server.
local M = {}

-- client returns the server's client of a buffer; nil if it is not attached.
function M.client(buffer)
  if buffer == 0 then
    buffer = vim.api.nvim_get_current_buf()
  end
  return vim.lsp.get_clients({ name = "inlinelens", bufnr = buffer })[1]
end

-- send sends a request about a buffer, and calls done(result) if there is an answer
-- and the buffer is there still. Errors are shown if loud is set; otherwise the next
-- refresh is waited for.
function M.send(client, method, params, buffer, done, loud)
  local function answered(err, result)
    if err then
      if loud then
        vim.notify("inlinelens: " .. err.message, vim.log.levels.WARN)
      end
      return
    end
    if vim.api.nvim_buf_is_loaded(buffer) then
      done(result)
    end
  end
  if vim.fn.has("nvim-0.11") == 1 then
    client:request(method, params, answered, buffer)
  else
    client.request(method, params, answered, buffer)
  end
end

-- of_buffer returns the client of the current buffer, and the buffer. Without a client
-- it says so.
function M.of_buffer()
  local buffer = vim.api.nvim_get_current_buf()
  local client = M.client(buffer)
  if not client then
    vim.notify("inlinelens: no server for this buffer; :checkhealth inlinelens tells why", vim.log.levels.WARN)
  end
  return client, buffer
end

-- at_cursor sends a request about the place of the cursor, whose params(place) are
-- the place itself if that is nil.
local function at_cursor(method, params, done)
  local client, buffer = M.of_buffer()
  if client then
    local place = vim.lsp.util.make_position_params(0, client.offset_encoding)
    M.send(client, method, params and params(place) or place, buffer, done, true)
  end
end

-- here sends a request of the server's own about the place of the cursor.
function M.here(method, done)
  at_cursor(method, nil, done)
end

-- command has the server run a command about the place of the cursor.
function M.command(name, done)
  at_cursor("workspace/executeCommand", function(place)
    return { command = name, arguments = { place } }
  end, done)
end

-- column returns the byte column, 0-based, of an LSP position in a line of text.
function M.column(line, character, encoding)
  if encoding == "utf-8" then
    return math.min(character, #line)
  end
  if vim.fn.has("nvim-0.11") == 1 then
    return vim.str_byteindex(line, encoding, character, false)
  end
  local ok, column = pcall(vim.str_byteindex, line, character, encoding == "utf-16")
  return ok and column or #line
end

return M
