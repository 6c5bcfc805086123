// The camera as a scanner. Where the browser reads codes itself (BarcodeDetector) nothing leaves the telephone but the
// text; elsewhere a still picture goes to the server every second and a half. Without scripts the form does the same with a photograph.
"use strict";
(() => {
  const start = document.getElementById("camera-start");
  const stop = document.getElementById("camera-stop");
  const box = document.getElementById("camera");
  const said = document.getElementById("camera-said");
  const video = box && box.querySelector("video");
  if (!video || !navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return;
  const EVERY = 1500;
  let stream = null;
  start.hidden = false;

  const say = (zh, en) => { said.textContent = `${zh} ${en}`; };
  const end = () => {
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = null;
    box.hidden = true;
    start.hidden = false;
  };
  const go = (text) => { end(); location.assign(`/verify?u=${encodeURIComponent(text.slice(0, 2048))}`); };

  const still = () => new Promise((ready) => {
    const canvas = document.createElement("canvas");
    const scale = Math.min(1, 1200 / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = video.videoWidth * scale;
    canvas.height = video.videoHeight * scale;
    canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
    canvas.toBlob(ready, "image/jpeg", 0.85);
  });

  const readHere = async (detector) => {
    const codes = await detector.detect(video);
    return codes.length ? codes[0].rawValue : "";
  };
  const readThere = async () => {
    const form = new FormData();
    form.append("picture", await still(), "code.jpg");
    const answer = await fetch("/api/v1/verify/scan", { method: "POST", body: form });
    if (answer.status === 429) { say("请稍等……", "One moment…"); return ""; }
    return answer.ok ? (await answer.json()).codes[0] || "" : "";
  };

  const look = async () => {
    let detector = null;
    if ("BarcodeDetector" in window) {
      try { detector = new BarcodeDetector({ formats: ["qr_code"] }); } catch { detector = null; }
    }
    while (stream) {
      try {
        const text = video.videoWidth ? await (detector ? readHere(detector) : readThere()) : "";
        if (text) { go(text); return; }
      } catch { detector = null; }
      await new Promise((ready) => setTimeout(ready, detector ? 200 : EVERY));
    }
  };

  start.addEventListener("click", async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    } catch {
      box.hidden = false;
      say("摄像头打不开，请改用拍照或选图片。", "The camera is not available; take or choose a picture instead.");
      return;
    }
    video.srcObject = stream;
    await video.play();
    box.hidden = false;
    start.hidden = true;
    say("请把二维码放进画面。", "Hold the code into the picture.");
    look();
  });
  stop.addEventListener("click", end);
  addEventListener("pagehide", end);
})();
