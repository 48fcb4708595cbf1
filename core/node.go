package core

// A node is a stretch of the packet whose bounds are known: a layer, a footer,
// a list or an item. Nodes hold bounds, never values: the bytes are the packet.
type node struct {
	layout *Layout // of the record; nil for a list
	proto  *Proto  // layers
	slot   *Slot   // lists: the field; items: the field of their list
	parent int32   // items: their list; lists and footers: their record; layers: none

	start, end int32 // record: its own bytes (of a layer: the header); list: with padding and rest
	spans      int32 // index of the first span in Packet.spans; none: not yet looked at

	// layers
	body, tail int32 // where the footer starts, where the layer ends
	up, down   int32 // neighbours in the stack
	foot       int32 // the footer's node
	spare      int32 // bytes at the end of the body that no layer above may have: trailer
	beyond     int32 // bytes that its own length tells beyond those present; of a list: items that its count tells
	resume     int32 // the bit where the fields that are not laid out yet begin, if isOpen

	// lists
	first, n int32 // its items in Packet.order
	stop     int32 // where the items end
	pad      int32 // where the padding ends and the rest begins

	flags nodeFlags
	birth uint32 // tells it from an earlier node in its place
}

type nodeFlags uint32

const (
	isCut     nodeFlags = 1 << iota // the layer goes on beyond the bytes present
	isShort                         // the header is not all there (only in a quoted packet)
	isOpen                          // the end of the header is not known yet
	isWalked                        // the list's items are known
	isDead                          // removed
	isDamaged                       // the list ends in bytes that form no item
	isStored                        // a byte of the layer's header, items or footer was stored
	isSized                         // something in the layer changed size
	isFirst                         // what lies above is only the first piece of a message
	isAsked                         // isFirst is known
	isBound                         // its own length bounds the layer
	isAddr                          // a field that a sum above covers was stored
	isMoved                         // it lies above another network layer than before
	isBuilt                         // made by a constructor and not yet brought up to date
	isTouched                       // its padding may be wrong
	isFree                          // the list's count is not looked at
	isRefill                        // a field that the key below is filled from was stored
	isFixed                         // the item ends where it ends, whatever its length field says
	isGiven                         // the list was stored as bytes: its padding is among them
)

const none = -1

// A span is where a field of a record lies, in bits from the record's start. A negative n: absent.
// The span of a list names its node, once there is one.
type span struct{ off, n, node int32 }
