---@meta pkl
-- What scripts can use of pkl. The protocols follow below it in the output of
-- pkl stubs.

---A whole number above 2^53. Arithmetic is modulo 2^64, and gives numbers again as soon as they fit.
---Two of them are ordered by <; pkl.cmp orders them and numbers.
---@class pkl.u64
---@operator add(integer|pkl.u64): integer|pkl.u64
---@operator sub(integer|pkl.u64): integer|pkl.u64
---@operator mul(integer|pkl.u64): integer|pkl.u64
---@operator div(integer|pkl.u64): integer|pkl.u64
---@operator mod(integer|pkl.u64): integer|pkl.u64
---@operator pow(integer|pkl.u64): integer|pkl.u64
---@operator unm: integer|pkl.u64
---@operator concat(any): string
local u64 = {}

---@return integer|pkl.u64
---@param ... integer|pkl.u64
function u64:band(...) end

---@return integer|pkl.u64
---@param ... integer|pkl.u64
function u64:bor(...) end

---@return integer|pkl.u64
---@param ... integer|pkl.u64
function u64:bxor(...) end

---@return integer|pkl.u64
function u64:bnot() end

---@param n integer
---@return integer|pkl.u64
function u64:lshift(n) end

---@param n integer
---@return integer|pkl.u64
function u64:rshift(n) end

---Lower-case hex digits, 16 unless told.
---@param digits? integer
---@return string
function u64:hex(digits) end

---What a rule may return; nothing means: go on with the next rule.
---@class pkl.Verdict

---A field that is wrong, or differs: see `verify` and `diff`.
---@class pkl.Finding
---@field layer string name of the layer
---@field n integer instance of the layer, from 1
---@field field string
---@field have any verify: what the packet says
---@field want any verify: what is right
---@field a any diff: value in the first packet
---@field b any diff: value in the second

---What a packet and a layer have in common: the layers in it, or above it.
---@class pkl.Stack: pkl.Layers
---@operator add(pkl.Stack|string): pkl.Packet
---@operator div(pkl.Stack|string): pkl.Packet
---@operator len: integer

---A packet: bytes, and the layers found in them.
---@class pkl.Packet: pkl.Stack
---@field number? integer number in its file or run, from 1
---@field ts number capture time in seconds; can be set
---@field ts_ns integer|pkl.u64 capture time in nanoseconds since 1970; can be set
---@field len integer bytes on the wire
---@field caplen integer bytes that are here
---@field linktype string|integer what the first layer is
---@field iface? string name of the interface
---@field mark integer the packet's mark; can be set
---@field ctmark? integer the connection's mark, on a queue; can be set
---@field hook? string the netfilter hook, on a queue
---@field outgoing boolean this host sends it; on an interface
---@field queue? integer the queue's number, on a queue
---@field out_iface? string name of the interface where it will leave, on a queue
---@field hwaddr? string hardware address of the sender, on a queue
---@field uid? integer user whose process here sends or gets it, on a queue
---@field gid? integer that user's group
---@field gso boolean a large segment that is cut later; edits cannot change its length
---@field err? string what is wrong with the packet, and where
---@field first? pkl.Layer the lowest layer
---@field last? pkl.Layer the highest layer
local packet = {}

---The bytes, brought up to date first.
---@return string
function packet:bytes() end

---The bytes as they stand.
---@return string
function packet:raw() end

---Brings lengths, counts, keys and sums up to date; with "all" also those that no edit has touched.
---@param what? "all"
function packet:update(what) end

---Finds the layers anew from the bytes.
function packet:redissect() end

---An independent packet that does not expire.
---@return pkl.Packet
function packet:copy() end

---Swaps all address pairs, in place; gives the same packet.
---@return pkl.Packet
function packet:reverse() end

---@param other pkl.Packet
---@param options? { inner: boolean }
---@return "same"|"reverse"|nil
function packet:direction(other, options) end

---Whether this packet answers another: by addresses, ports and what the protocols say of answers.
---@param sent pkl.Packet
---@return boolean
function packet:replies_to(sent) end

---A text that is equal for both directions.
---@param options? { inner: boolean }
---@return string?
function packet:flow(options) end

---The n-th layer of that name, counted from 1.
---@param name string
---@param n? integer
---@return pkl.Layer?
function packet:layer(name, n) end

---The layers, lowest first.
---@return fun(): pkl.Layer?
function packet:layers() end

---The last layer of an exact chain, such as "eth/ip/tcp".
---@param chain string
---@return pkl.Layer?
function packet:path(chain) end

---Replaces the whole content.
---@param x string|pkl.Stack
function packet:replace(x) end

---Checksums and lengths that are wrong.
---@return pkl.Finding[]
function packet:verify() end

---Fields that differ.
---@param other pkl.Packet
---@return pkl.Finding[]
function packet:diff(other) end

---@return string
function packet:hexdump() end

---One line of JSON.
---@return string
function packet:json() end

---@return table
function packet:totable() end

---Lua source that builds this packet.
---@return string
function packet:lua() end

---One layer of a packet.
---@class pkl.Layer: pkl.Stack
---@field proto string name of the protocol
---@field header string bytes of the header; read only
---@field body string|pkl.Stack bytes above; takes bytes or a packet
---@field trailer string bytes behind the layer above, such as padding
---@field upper? pkl.Layer
---@field lower? pkl.Layer
local layer = {}

---Name and value of each field, in wire order.
---@return fun(): string?, any
function layer:fields() end

---Puts the layers of a packet directly above this one.
---@param x pkl.Stack
function layer:insert(x) end

---Takes this layer out; what is above takes its place.
function layer:remove() end

---One item of a list.
---@class pkl.Item
---@field body string bytes behind type and length
local item = {}

---Name and value of each field, in wire order.
---@return fun(): string?, any
function item:fields() end

function item:remove() end

---The items of a field.
---@class pkl.List
---@field rest? string bytes at the end that form no item
---@operator len: integer
local list = {}

---Adds an item at the end, in front of an end mark.
---@param x any
function list:append(x) end

---@param i integer
---@param x any
function list:insert(i, x) end

---@param i integer|pkl.Item
function list:remove(i) end

function list:clear() end

---Index and item; the item in hand may be edited and removed.
---@return fun(): integer?, any
function list:each() end

---The first item with these values, or for which the function holds, and its index.
---@param match table|fun(item: any): boolean
---@return any, integer?
function list:find(match) end

---A capture file that is read.
---@class pkl.Reader
---@field linktype string|integer what the first layer of its packets is
local reader = {}

---The next packet, valid until the one after it is read; nil at the end, or nil and what is wrong.
---@return pkl.Packet?, string?
function reader:next() end

---@param filter? string
---@return fun(): pkl.Packet?
function reader:packets(filter) end

function reader:close() end

---A capture file that is written.
---@class pkl.Writer
local writer = {}

---@param packet pkl.Packet
---@return boolean?, string?
function writer:write(packet) end

---@return boolean?, string?
function writer:close() end

---@alias pkl.Packets pkl.Packet|pkl.Packet[]
---@alias pkl.SrOptions { timeout?: number, idle?: number, inter?: number, retry?: integer, max?: integer, multi?: boolean, iface?: string }

---@class pkl.Socket
---@field iface? string
---@field linktype string
---@field mac? string
local socket = {}

---How many packets have gone; or nil, why not, and how many have gone before.
---@param packets pkl.Packets
---@param options? { count?: integer, rate?: number, loop?: boolean }
---@return integer?, string?, integer?
function socket:send(packets, options) end

---Sends with the spacing of a capture file, or of the packets' times.
---@param what string|pkl.Packets|fun(): pkl.Packet?
---@param options? { speed?: number, rate?: number, fast?: boolean }
---@return integer?, string?, integer?
function socket:replay(what, options) end

---The next packet, or nil and why there is none.
---@param timeout? number seconds
---@return pkl.Packet?, string?
function socket:recv(timeout) end

---@param options? string|{ filter?: string, max?: integer, timeout?: number }
---@return fun(): pkl.Packet?
function socket:packets(options) end

---Sends packets and waits for their answers; gives those, and what was not answered.
---@param packets pkl.Packets
---@param options? pkl.SrOptions
---@return { sent: pkl.Packet, answer: pkl.Packet }[]?, pkl.Packet[]|string
function socket:sr(packets, options) end

---The first answer, or nil and why there is none.
---@param packets pkl.Packets
---@param options? pkl.SrOptions
---@return pkl.Packet?, string?
function socket:sr1(packets, options) end

---@return { received: integer, dropped: integer, sent: integer }
function socket:stats() end

---@return boolean?, string?
function socket:close() end

---What pkl.on gives.
---@class pkl.Rule
local rule = {}

function rule:stop() end

---@return { name: string, filter: string, hits: integer, errors: integer, time: number, active: boolean }
function rule:stats() end

---What pkl.every and pkl.after give.
---@class pkl.Timer
local timer = {}

function timer:stop() end

---Counts by key; reading a key that was never added gives 0.
---@class pkl.Counter
---@field [any] integer
---@operator len: integer
local counter = {}

---@param key any
---@param n? integer
function counter:add(key, n) end

---@param key any
---@return integer
function counter:get(key) end

---The largest n.
---@param n? integer
---@return { key: any, n: integer }[]
function counter:top(n) end

---@return integer
function counter:total() end

---What was added after the counter was full.
---@return integer
function counter:overflow() end

function counter:clear() end

---A map that all workers share. Each call is atomic. When it is full, the oldest write goes.
---@class pkl.Shared
---@operator len: integer
local shared = {}

---@alias pkl.Scalar boolean|number|string|pkl.u64

---@param key string|number|pkl.u64
---@return pkl.Scalar? value
function shared:get(key) end

---@param key string|number|pkl.u64
---@param value pkl.Scalar
---@param ttl? number seconds
function shared:set(key, value, ttl) end

---Only if the key is not there.
---@param key string|number|pkl.u64
---@param value pkl.Scalar
---@param ttl? number seconds
---@return boolean added
function shared:add(key, value, ttl) end

---Adds to a number, from 0.
---@param key string|number|pkl.u64
---@param by? number|pkl.u64
---@param ttl? number seconds, if the key was not there
---@return number|pkl.u64 sum
function shared:incr(key, by, ttl) end

---@param key string|number|pkl.u64
---@return boolean there
function shared:delete(key) end

---All keys and values as they are now, oldest write first.
---@return fun(): string|number|pkl.u64, pkl.Scalar
function shared:each() end

---@class pkl.log
local log = {}
---@param ... any
function log.info(...) end
---@param ... any
function log.warn(...) end
---@param ... any
function log.error(...) end

---@class pkl.OnTable
---@field on_packet fun(pkt: pkl.Packet): pkl.Verdict?
---@field filter? string
---@field name? string
---@field priority? number lower ones first, 0 unless told
---@field on_error? "drop"|"accept"

---The words of a field: `{ name, kind, word = … }`, or `{ name, get = EXPR }`.
---@class pkl.Field
---@field [1] string name
---@field [2]? integer|"bytes"|"text"|"mac"|"ip4"|"ip6"|"name"|"list"|"pad" bits, or kind
---@field [string] any

---The words of a protocol.
---@class pkl.Definition
---@field name string
---@field fields pkl.Field[]
---@field doc? string
---@field ref? string
---@field over? table
---@field footer? pkl.Field[]
---@field header? string|integer
---@field len? string|integer
---@field stop? string
---@field check? string
---@field pieces? string
---@field pairs? string[][]
---@field replies? { when?: string, to?: string, same?: (string|string[])[] }[]
---@field pseudo? string[]
---@field sum_required? boolean
---@field hook? fun(layer: pkl.Layer)
---@field hook_update? fun(layer: pkl.Layer)

---@class pkl: pkl.Constructors
---@field accept pkl.Verdict
---@field drop pkl.Verdict
---@field again pkl.Verdict
---@field stop pkl.Verdict
---@field worker integer number of this worker, from 1
---@field workers integer
---@field log pkl.log
---@field proto table<string, pkl.Protocol>
---@field u64 pkl.u64lib
pkl = {}

---@class pkl.u64lib: pkl.u64
---@overload fun(x: integer|string|pkl.u64): integer|pkl.u64

---Something that makes packets of one protocol.
---@class pkl.Protocol
---@overload fun(x?: table|string): pkl.Packet?, string?

---Orders numbers and u64: -1, 0 or 1.
---@param a integer|pkl.u64
---@param b integer|pkl.u64
---@return integer
function pkl.cmp(a, b) end

---@param n integer
---@return pkl.Verdict
function pkl.queue(n) end

---Adds a rule.
---@overload fun(fn: fun(pkt: pkl.Packet): pkl.Verdict?): pkl.Rule
---@overload fun(words: pkl.OnTable): pkl.Rule
---@param filter string
---@param fn fun(pkt: pkl.Packet): pkl.Verdict?
---@return pkl.Rule
function pkl.on(filter, fn) end

---Runs a function when the run is over.
---@param fn fun(why?: string)
function pkl.at_end(fn) end

---@param seconds number
---@param fn fun()
---@return pkl.Timer
function pkl.every(seconds, fn) end

---@param seconds number
---@param fn fun()
---@return pkl.Timer
function pkl.after(seconds, fn) end

---Seconds since 1970: of the packet in hand when a file is read, else of the clock.
---@return number
function pkl.now() end

---@param seconds number
function pkl.sleep(seconds) end

---A function that tells whether a packet matches.
---@param filter string
---@return fun(pkt: pkl.Packet): boolean
function pkl.filter(filter) end

---@param name string
---@return pkl.Reader?, string?
function pkl.open(name) end

---Iterates over the packets of a capture file; raises what pkl.open would return.
---@param name string
---@param filter? string
---@return fun(): pkl.Packet?
function pkl.packets(name, filter) end

---@param name string
---@return pkl.Packet[]
function pkl.load(name) end

---@param name string
---@param options? { linktype?: string|integer, snaplen?: integer, nano?: boolean }
---@return pkl.Writer?, string?
function pkl.create(name, options) end

---@param options { iface?: string, layer?: 2|3, filter?: string, promisc?: boolean, outgoing?: boolean, snaplen?: integer, buffer?: integer, mark?: integer, timeout?: number }
---@return pkl.Socket?, string?
function pkl.socket(options) end

---Sends by the first layer: a network layer through the kernel's routes, a frame by an interface.
---@param packets pkl.Packets
---@param options? { iface?: string, count?: integer, rate?: number, loop?: boolean }
---@return integer?, string?, integer?
function pkl.send(packets, options) end

---@param what string|pkl.Packets|fun(): pkl.Packet? a capture file, packets, or what gives one after the other
---@param options { iface: string, speed?: number, rate?: number, fast?: boolean }
---@return integer?, string?, integer?
function pkl.replay(what, options) end

---@param packets pkl.Packets
---@param options? pkl.SrOptions
---@return { sent: pkl.Packet, answer: pkl.Packet }[]?, pkl.Packet[]|string
function pkl.sr(packets, options) end

---@param packets pkl.Packets
---@param options? pkl.SrOptions
---@return pkl.Packet?, string?
function pkl.sr1(packets, options) end

---@return { name: string, index: integer, mac?: string, mtu: integer, up: boolean, linktype?: string, addrs: string[] }[]?, string?
function pkl.interfaces() end

---The way to an address, or nil and why there is none.
---@param address string
---@return { iface: string, gateway?: string, source?: string, mtu?: integer }?, string?
function pkl.route(address) end

---@param first string|integer protocol or link type
---@param bytes string
---@return pkl.Packet?, string?
function pkl.dissect(first, bytes) end

---@param definition pkl.Definition
function pkl.protocol(definition) end

---@param definition { name: string, fields: pkl.Field[], doc?: string, len?: string }
function pkl.struct(definition) end

---Under this value of the key lies this protocol, whatever else claims it.
---@param protocol string
---@param key string
---@param value integer|string|table one value, or an array, also with fill = and check =
function pkl.bind(protocol, key, value) end

---@param name? string
---@return pkl.Counter
function pkl.counter(name) end

---A map that all workers share and that reloads keep.
---@param name string
---@param options? { max: integer?, ttl: number? }
---@return pkl.Shared
function pkl.shared(name, options) end

---@param bytes string
---@return string
function pkl.hex(bytes) end

---@param text string
---@return string
function pkl.unhex(text) end

---What follows -- on the command line; [0] is the script.
---@type string[]
arg = {}

---Operations on 32 bits, with signed results, as in LuaBitOp.
---@class bitlib
bit = {}
---@param ... integer
---@return integer
function bit.band(...) end
---@param ... integer
---@return integer
function bit.bor(...) end
---@param ... integer
---@return integer
function bit.bxor(...) end
---@param x integer
---@return integer
function bit.bnot(x) end
---@param x integer
---@param n integer
---@return integer
function bit.lshift(x, n) end
---@param x integer
---@param n integer
---@return integer
function bit.rshift(x, n) end
---@param x integer
---@param n integer
---@return integer
function bit.arshift(x, n) end
---@param x integer
---@param n integer
---@return integer
function bit.rol(x, n) end
---@param x integer
---@param n integer
---@return integer
function bit.ror(x, n) end
---@param x integer
---@return integer
function bit.bswap(x) end
---@param x integer
---@return integer
function bit.tobit(x) end
---@param x integer
---@param digits? integer
---@return string
function bit.tohex(x, digits) end

---Bytes by a format, as in Lua 5.3.
---@param format string
---@param ... any
---@return string
function string.pack(format, ...) end
---@param format string
---@param bytes string
---@param from? integer
---@return any ...
function string.unpack(format, bytes, from) end
---@param format string
---@return integer
function string.packsize(format) end
