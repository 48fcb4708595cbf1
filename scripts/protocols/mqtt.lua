-- MQTT 3.1.1, and CONNECT of MQTT 5. A message alone does not tell its version:
-- what MQTT 5 adds to the others is part of payload, or of data.
--
-- A length has one to four bytes of seven bits, lowest first: len1 … len4. They
-- follow what they measure; how many there are, MORE1 … MORE3 say, which are set
-- by themselves.

-- length returns the fields of such a length of what the expression size gives.
local function length(prefix, size, when)
  local fields, more = {}, nil
  for i = 1, 4 do
    local cond = more or when
    local value = i == 1 and size or ("%s / %d"):format(size, 128 ^ (i - 1))
    local flag = (prefix .. "more"):upper() .. i
    if i < 4 then -- the last one that is there takes what is left, or does not fit
      value = ("min(%s, %s %% 128 + 128 - 128 * %s)"):format(value, value, flag)
    end
    fields[#fields + 1] = { flag, 1, when = cond }
    fields[#fields + 1] = { prefix .. "len" .. i, 7, when = cond, auto = value }
    more = flag
  end
  return fields
end

-- told returns the readings of what such a length of n bytes tells. base, an
-- expression for each n, is added.
local function told(name, prefix, when, base)
  local fields, sum = {}, ""
  for n = 1, 4 do
    sum = sum .. (n == 1 and " + %slen1" or " + %slen%d * %d"):format(prefix, n, 128 ^ (n - 1))
    local cond = {}
    if n > 1 then cond[1] = (prefix .. "more"):upper() .. n - 1 else cond[1] = when end
    if n < 4 then cond[#cond + 1] = "not " .. (prefix .. "more"):upper() .. n end
    fields[n] = { name, get = base(n) .. sum, when = table.concat(cond, " and ") }
  end
  return fields
end

local function join(...)
  local all = {}
  for _, list in ipairs{ ... } do
    for _, f in ipairs(list) do all[#all + 1] = f end
  end
  return all
end

local head = join(
  { { "type", 4, default = 3, names = {
      [1] = "connect", [2] = "connack", [3] = "publish", [4] = "puback", [5] = "pubrec", [6] = "pubrel", [7] = "pubcomp",
      [8] = "subscribe", [9] = "suback", [10] = "unsubscribe", [11] = "unsuback", [12] = "pingreq", [13] = "pingresp",
      [14] = "disconnect", [15] = "auth" } },
    { "DUP", 1, doc = "sent again" }, { "qos", 2 }, { "RETAIN", 1 } },
  length("", "len(body)"),
  told("message_len", "", nil, function(n) return 1 + n end))
head.len = "message_len"

-- text is a text or bytes with its length before it.
local function text(name, kind, when)
  return { { name .. "_len", 16, when = when }, { name, kind, size = name .. "_len", when = when } }
end

local connect = join(
  { { "proto_len", 16 }, { "protocol", "text", size = "proto_len", default = "MQTT" }, { "version", 8, default = 4, names = { [3] = "v3_1", [4] = "v3_1_1", [5] = "v5" } },
    { "USERNAME", 1, auto = "present(username)" }, { "PASSWORD", 1, auto = "present(password)" }, { "WILL_RETAIN", 1 }, { "will_qos", 2 },
    { "WILL", 1, auto = "present(will_topic)" }, { "CLEAN", 1, doc = "begin anew" }, { "reserved", 1 },
    { "keepalive", 16, doc = "seconds" } },
  length("props_", "len(properties)", "version == 5"),
  told("properties_len", "props_", "version == 5", function() return 0 end),
  { { "properties", "bytes", size = "properties_len", when = "version == 5" } },
  text("client_id", "text"),
  text("will_topic", "text", "WILL"), text("will", "bytes", "WILL"),
  text("username", "text", "USERNAME"), text("password", "bytes", "PASSWORD"))

local id = { "id", 16, doc = "packet identifier" }
local data = { "data", "bytes" }

pkl.protocol {
  name = "mqtt", doc = "Message Queuing Telemetry Transport", ref = "OASIS MQTT 3.1.1, MQTT 5.0",
  over = { ["tcp.port"] = 1883 },
  check = "count(messages) > 0 and not any(messages, type == 0)",
  fields = {
    { "messages", "list", by = "type", of = head,
      kinds = {
        connect = connect,
        connack = { { "reserved", 7 }, { "SESSION", 1, doc = "the session was there" }, { "code", 8 }, data },
        publish = join(text("topic", "text"), { { "id", 16, when = "qos > 0" }, { "payload", "bytes" } }),
        ["4-7"] = { id, data },
        subscribe = { id, { "topics", "list", of = join(text("topic", "text"), { { "options", 6 }, { "qos", 2 } }) } },
        suback = { id, { "codes", "list", of = 8 } },
        unsubscribe = { id, { "topics", "list", of = text("topic", "text") } },
        unsuback = { id, data },
        ["12-13"] = {},
      },
      other = { data },
    },
  },
}
