-- Sends requests to the server.
local M = {}

-- client returns the client that is attached to a buffer, or nil.
function M.client(buffer)
  if buffer == 0 then
    buffer = vim.api.nvim_get_current_buf()
  end
  return vim.lsp.get_clients({ name = "inlinelens", bufnr = buffer })[1]
end

-- send sends a request about a buffer, and calls done(result) unless it fails or the
-- buffer is gone. With show_errors, errors are shown; otherwise the next refresh tries again.
function M.send(client, method, params, buffer, done, show_errors)
  local function handler(err, result)
    if err then
      if show_errors then
        vim.notify("inlinelens: " .. err.message, vim.log.levels.WARN)
      end
      return
    end
    if vim.api.nvim_buf_is_loaded(buffer) then
      done(result)
    end
  end
  if vim.fn.has("nvim-0.11") == 1 then
    client:request(method, params, handler, buffer)
  else
    client.request(method, params, handler, buffer)
  end
end

-- of_buffer returns the client of the current buffer and the buffer. It warns if there is
-- no client.
function M.of_buffer()
  local buffer = vim.api.nvim_get_current_buf()
  local client = M.client(buffer)
  if not client then
    vim.notify("inlinelens: no server for this buffer; run :checkhealth inlinelens", vim.log.levels.WARN)
  end
  return client, buffer
end

-- at_cursor sends a request about the position of the cursor. params makes the parameters
-- of the request from the position parameters; nil leaves them as they are.
local function at_cursor(method, params, done)
  local client, buffer = M.of_buffer()
  if client then
    local position = vim.lsp.util.make_position_params(0, client.offset_encoding)
    M.send(client, method, params and params(position) or position, buffer, done, true)
  end
end

-- here sends a request about the position of the cursor.
function M.here(method, done)
  at_cursor(method, nil, done)
end

-- command runs a command of the server at the position of the cursor.
function M.command(name, done)
  at_cursor("workspace/executeCommand", function(position)
    return { command = name, arguments = { position } }
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
