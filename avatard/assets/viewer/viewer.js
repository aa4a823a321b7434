"use strict";
// The token stands behind the #: no request carries it, and it is taken out of the address before anyone looks.
const token = location.hash.slice(1) || sessionStorage.getItem("token") || "";
sessionStorage.setItem("token", token); // for a reload
history.replaceState(null, "", location.pathname);

const RETRY_MS = 2000;
const video = document.querySelector("video");
const status = document.querySelector("[role=status]");
let connection = null;

function say(text) {
  if (status.textContent !== text) status.textContent = text;
}

async function connect() {
  const peer = new RTCPeerConnection(); // no servers: nothing leaves this machine
  connection = peer;
  const receiver = peer.addTransceiver("video", { direction: "recvonly" }).receiver;
  if ("jitterBufferTarget" in receiver) receiver.jitterBufferTarget = 0; // over loopback nothing is late
  peer.ontrack = (event) => { video.srcObject = new MediaStream([event.track]); };
  peer.onconnectionstatechange = () => {
    if (peer.connectionState === "connected") say("Live");
    if (peer.connectionState === "failed" || peer.connectionState === "disconnected") again("avatard has gone; trying again …");
  };
  await peer.setLocalDescription();
  const response = await fetch("offer", {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/sdp" },
    body: peer.localDescription.sdp,
  });
  const text = await response.text();
  if (response.status === 401 || response.status === 400) return stop(text.trim());
  if (!response.ok) return again(text.trim());
  await peer.setRemoteDescription({ type: "answer", sdp: text });
}

function stop(why) {
  if (connection) connection.close();
  connection = null;
  say(`No picture: ${why}`);
}

function again(why) {
  if (!connection) return;
  stop(why);
  setTimeout(start, RETRY_MS);
}

function start() {
  connect().catch(() => again("avatard does not answer; trying again …"));
}

addEventListener("pagehide", () => { if (connection) connection.close(); });
start();
