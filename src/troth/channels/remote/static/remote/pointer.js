// Where a picture is inside its box, and a dot on it.
const LASTS = 1500; // ms that a mark stays
let timer = 0;

// The picture's own rectangle inside the element: it keeps its shape, with margins around it.
export function frame(video) {
  const box = video.getBoundingClientRect();
  const scale = Math.min(box.width / (video.videoWidth || 1), box.height / (video.videoHeight || 1));
  const width = video.videoWidth * scale;
  const height = video.videoHeight * scale;
  return { x: (box.width - width) / 2, y: (box.height - height) / 2, width, height, box };
}

export function wipe(canvas) {
  clearTimeout(timer);
  delete canvas.dataset.at;
  canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
}

// Draw what the agent points at; `text` is {"x": 0…1, "y": 0…1, "press": bool}, and nothing else counts.
export function draw(canvas, video, text) {
  let at;
  try {
    at = JSON.parse(text);
  } catch {
    return;
  }
  if (!(at.x >= 0 && at.x <= 1 && at.y >= 0 && at.y <= 1)) return;
  const { x, y, width, height, box } = frame(video);
  canvas.width = box.width;
  canvas.height = box.height;
  const pen = canvas.getContext("2d");
  const across = x + at.x * width;
  const down = y + at.y * height;
  pen.lineWidth = 3;
  pen.fillStyle = "rgb(220 30 60 / 80%)";
  pen.strokeStyle = "white";
  pen.beginPath();
  pen.arc(across, down, at.press === true ? 22 : 10, 0, 2 * Math.PI);
  pen.fill();
  pen.stroke();
  canvas.dataset.at = `${at.x.toFixed(2)} ${at.y.toFixed(2)}`;
  clearTimeout(timer);
  timer = setTimeout(() => wipe(canvas), at.press === true ? LASTS * 2 : LASTS);
}
