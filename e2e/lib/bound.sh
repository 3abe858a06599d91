# shellcheck shell=bash
# What no way of spreading a file can beat: max(F / us, F / d, N * F / (us + sum ui)).

bound_of() { # bytes, nodes, Mbit/s of a node's link, Mbit/s of whoever has the file, Mbit/s of others that may send besides the nodes: seconds
  awk -v f="$1" -v n="$2" -v d="$3" -v s="$4" -v others="$5" 'BEGIN {
    node = d * 125000; us = s * 125000; ups = n * node + others * 125000
    b = f / us; if (f / node > b) b = f / node; if (n * f / (us + ups) > b) b = n * f / (us + ups)
    print b }'
}
