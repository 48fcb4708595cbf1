-- Modbus over TCP. The same function has one form in a request and another in
-- its answer: from port 502 come answers, everything else is a request. So an
-- answer is built where its port is known:
--
--   local p = pkl.ip() + pkl.tcp{ sport = 502 } + pkl.modbus()
--   p.modbus.messages = { { func = "read_holding_registers", registers = { 1, 2 } } }

local request, answer = "not (tcp.sport == 502)", "tcp.sport == 502"

local bits = {
  { "addr", 16, when = request }, { "quantity", 16, when = request, default = 1 },
  { "bytes", 8, when = answer, auto = "len(bits)" }, { "bits", "bytes", size = "bytes", when = answer },
}
local registers = {
  { "addr", 16, when = request }, { "quantity", 16, when = request, default = 1 },
  { "bytes", 8, when = answer, auto = "len(registers)" }, { "registers", "list", of = 16, size = "bytes", when = answer },
}

pkl.protocol {
  name = "modbus", doc = "Modbus over TCP", ref = "MODBUS Messaging on TCP/IP Implementation Guide V1.0b, Application Protocol V1.1b3",
  over = { ["tcp.port"] = 502 },
  check = "count(messages) > 0 and not any(messages, pid != 0)",
  fields = {
    { "messages", "list", by = "func",
      of = {
        { "tid", 16, doc = "transaction" },
        { "pid", 16, doc = "protocol: 0" },
        { "len", 16, auto = "total_len", bias = -6, doc = "bytes behind it" },
        { "unit", 8 },
        { "func", 8, default = 3, names = {
          [1] = "read_coils", [2] = "read_discrete_inputs", [3] = "read_holding_registers", [4] = "read_input_registers",
          [5] = "write_coil", [6] = "write_register", [7] = "read_exception_status", [8] = "diagnostics",
          [15] = "write_coils", [16] = "write_registers", [22] = "mask_write_register", [23] = "read_write_registers",
          [43] = "encapsulated" } },
      },
      kinds = {
        ["1-2"] = bits,
        ["3-4"] = registers,
        ["5-6"] = { { "addr", 16 }, { "value", 16, hex = true } },
        [8] = { { "sub", 16 }, { "data", "bytes" } },
        [15] = { { "addr", 16 }, { "quantity", 16 }, { "bytes", 8, when = request, auto = "len(bits)" }, { "bits", "bytes", size = "bytes", when = request } },
        [16] = { { "addr", 16 }, { "quantity", 16 }, { "bytes", 8, when = request, auto = "len(registers)" },
          { "registers", "list", of = 16, size = "bytes", when = request } },
        [22] = { { "addr", 16 }, { "and_mask", 16, hex = true }, { "or_mask", 16, hex = true } },
        ["128-255"] = { { "exception", 8, names = {
          [1] = "illegal_function", [2] = "illegal_address", [3] = "illegal_value", [4] = "device_failure", [5] = "acknowledge",
          [6] = "busy", [8] = "parity_error", [10] = "gateway_unavailable", [11] = "gateway_no_response" } } },
      },
      other = { { "data", "bytes" } },
    },
  },
}
