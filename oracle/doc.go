// Package oracle compares pkl with tshark, mostly over captures that are not
// part of the project. It holds tests only.
//
//   - Fields: tshark dissects every packet (PDML), and its layers, field values,
//     checksum verdicts and trailers are compared with pkl's, from the bottom up
//     to the first protocol that only one of the two knows, or the first packet
//     quoted by an ICMP error. table_*_test.go say which field is which.
//   - Built packets: packets that pkl makes from tables of values, so that every
//     field that has a counterpart is compared, with captures or without.
//   - Damaged packets and options: editcap changes bytes of captures, Scapy writes options of
//     all kinds (testdata/gen.py) and random values (testdata/scatter.py), which are damaged too.
//   - Value names: a name stands for the same number as in tshark's tables (testdata/names.txt).
//   - Filters: pkl's filters choose the packets that display filters choose.
//   - Edits: packets are changed with pkl and written to a capture; tshark must
//     find no wrong sum and no wrong length that was not there before.
//
// Where the two differ and pkl is right, except_test.go says why.
//
// Where ../../shared/corpus or tshark is missing, the tests that need it skip.
package oracle
