-- CoAP. An option tells its number as the difference to that of the option before
-- it: coap.options reads them with their numbers, and coap.list makes them.
local numbers = {
  [1] = "if_match", [3] = "uri_host", [4] = "etag", [5] = "if_none_match", [6] = "observe", [7] = "uri_port", [8] = "location_path",
  [11] = "uri_path", [12] = "content_format", [14] = "max_age", [15] = "uri_query", [17] = "accept", [20] = "location_query",
  [23] = "block2", [27] = "block1", [28] = "size2", [35] = "proxy_uri", [39] = "proxy_scheme", [60] = "size1",
}

pkl.protocol {
  name = "coap", doc = "Constrained Application Protocol", ref = "RFC 7252",
  over = { ["udp.port"] = 5683 },
  check = "v == 1 and tkl <= 8",
  fields = {
    { "v", 2, default = 1 },
    { "type", 2, names = { [0] = "CON", [1] = "NON", [2] = "ACK", [3] = "RST" } },
    { "tkl", 4, auto = "len(token)" },
    { "code", 8, hex = true, names = {
      [0] = "empty", [1] = "GET", [2] = "POST", [3] = "PUT", [4] = "DELETE", [0x41] = "created", [0x42] = "deleted", [0x43] = "valid",
      [0x44] = "changed", [0x45] = "content", [0x5f] = "continue", [0x80] = "bad_request", [0x81] = "unauthorized", [0x82] = "bad_option",
      [0x83] = "forbidden", [0x84] = "not_found", [0x85] = "not_allowed", [0xa0] = "server_error" } },
    { "class", 3, part = "code" }, { "detail", 5, part = "code" },
    { "id", 16 },
    { "token", "bytes", size = "tkl" },
    { "options", "list", last = "delta == 15", doc = "0xff, in front of a payload, is the last one", of = {
      { "delta", 4 }, { "len", 4, auto = "min(len(value), 13) + min(max(len(value) - 268, 0), 1)", when = "delta < 15" },
      { "mark", 4, when = "delta == 15", default = 15 },
      { "delta8", 8, when = "delta == 13", doc = "13 less than the difference" },
      { "delta16", 16, when = "delta == 14", doc = "269 less" },
      { "len8", 8, when = "len == 13", auto = "len(value) - 13" },
      { "len16", 16, when = "len == 14", auto = "len(value) - 269" },
      { "size", get = "len", when = "len < 13" },
      { "size", get = "len8 + 13", when = "len == 13" },
      { "size", get = "len16 + 269", when = "len == 14" },
      { "step", get = "delta", when = "delta < 13", doc = "the whole difference" },
      { "step", get = "delta8 + 13", when = "delta == 13" },
      { "step", get = "delta16 + 269", when = "delta == 14" },
      { "value", "bytes", size = "size", when = "delta < 15" },
    } },
  },
  replies = {
    { when = "class >= 2", to = "class == 0 and code != 0", same = { "token" } },
    { when = "code == 0 and type in {2, 3}", to = "type in {0, 1}", same = { "id" } },
  },
}

local coap = { numbers = {} }
for number, name in pairs(numbers) do coap.numbers[name] = number end

-- coap.options(layer) gives the options of a message: { number =, name =, value =, option = }.
function coap.options(layer)
  local all, number = {}, 0
  for _, o in layer.options:each() do
    if o.step then
      number = number + o.step
      all[#all + 1] = { number = number, name = numbers[number], value = o.value, option = o }
    end
  end
  return all
end

-- coap.path(layer) is the path that a request asks for.
function coap.path(layer)
  local parts = {}
  for _, o in ipairs(coap.options(layer)) do
    if o.name == "uri_path" then parts[#parts + 1] = o.value end
  end
  return "/" .. table.concat(parts, "/")
end

-- nibble is a number in four bits, and what follows with 8 or 16 more.
local function nibble(n)
  if n < 13 then return n end
  if n < 269 then return 13, n - 13 end
  return 14, nil, n - 269
end

-- coap.list{ { "uri_path", "a" }, { 11, "b" }, … } makes the field options of a
-- message, in the order of their numbers; with payload = true the mark before one.
function coap.list(all)
  local sorted, list, last = {}, {}, 0
  for i, o in ipairs(all) do
    sorted[i] = { number = coap.numbers[o[1]] or o[1], value = o[2] or "", order = i }
  end
  table.sort(sorted, function(a, b)
    if a.number ~= b.number then return a.number < b.number end
    return a.order < b.order
  end)
  for i, o in ipairs(sorted) do
    local item = { value = o.value }
    item.delta, item.delta8, item.delta16 = nibble(o.number - last)
    item.len, item.len8, item.len16 = nibble(#o.value)
    list[i], last = item, o.number
  end
  if all.payload then list[#list + 1] = { delta = 15 } end
  return list
end

return coap
