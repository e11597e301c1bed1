// SPDX-License-Identifier: Apache-2.0
// A client with node-dtls-client, which follows the same lines as those in C: see stacks/peer.h.
import { createInterface } from "node:readline";
import { dtls } from "node-dtls-client";

const SUITES = {
  ccm8: "TLS_PSK_WITH_AES_128_CCM_8",
  cbc: "TLS_PSK_WITH_AES_128_CBC_SHA256",
};
const PATIENCE_MS = 2000;
const [port, identity, key, suite] = process.argv.slice(2);
let answered = () => {};

function say(line) {
  process.stdout.write(line + "\n");
}

// It sends each character of an identity as one byte.
const name = Buffer.from(identity, "hex").toString("latin1");
const socket = dtls
  .createSocket({
    type: "udp4",
    address: "127.0.0.1",
    port: Number(port),
    psk: { [name]: Buffer.from(key, "hex") },
    ciphers: [SUITES[suite]],
    timeout: 5000,
  })
  .on("connected", () => {
    say("connected");
    createInterface({ input: process.stdin })
      .on("line", (line) => request(parseInt(line.split(" ")[1], 16)))
      .on("close", () => process.exit(0));
  })
  .on("message", (message) => answered(message))
  .on("error", (e) => {
    say("failed: " + e.message);
    process.exit(0);
  });

// A confirmable GET of /x, and its answer: RFC 7252, sections 3 and 4.2.
function request(id) {
  const silent = setTimeout(() => say("silent"), PATIENCE_MS);
  answered = (message) => {
    if (message[0] >> 4 === 6 && message.readUInt16BE(2) === id) {
      clearTimeout(silent);
      say("answered");
    }
  };
  socket.send(Buffer.from([0x40, 1, id >> 8, id & 0xff, 0xb1, 0x78]));
}
