// Evidence by dragging over the words: what is selected is ticked, and what lies between two ticks lights up.
"use strict";
(() => {
  const place = document.getElementById("pick");
  if (!place) return;
  document.getElementById("pick-hint").textContent =
    "Drag over the words, or choose the first and the last of them; everything between them counts. Choose a marked word to clear its turn.";

  function boxes(turn) {
    return [...turn.querySelectorAll('input[type="checkbox"]')];
  }
  function lightUp(turn) {
    const all = boxes(turn);
    const ticked = all.map((box, index) => (box.checked ? index : -1)).filter((index) => index >= 0);
    const first = ticked[0];
    const last = ticked[ticked.length - 1];
    all.forEach((box, index) => box.parentElement.classList.toggle("within", ticked.length > 0 && index >= first && index <= last));
  }
  place.addEventListener("change", (event) => {
    const turn = event.target.closest(".turn");
    if (!turn) return;
    if (!event.target.checked || boxes(turn).filter((box) => box.checked).length > 2) {
      for (const box of boxes(turn)) box.checked = box === event.target && event.target.checked;
    }
    lightUp(turn);
  });
  place.addEventListener("mouseup", () => {
    const selection = getSelection();
    if (!selection || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    let any = false;
    for (const turn of place.querySelectorAll(".turn")) {
      if (!range.intersectsNode(turn)) continue;
      const within = boxes(turn).filter((box) => range.intersectsNode(box.nextElementSibling) && covers(range, box.nextElementSibling));
      if (!within.length) continue;
      for (const box of boxes(turn)) box.checked = box === within[0] || box === within[within.length - 1];
      lightUp(turn);
      any = true;
    }
    if (any) selection.removeAllRanges();
  });
  // A word counts when some of its letters are selected, not when the selection only touches its edge.
  function covers(range, word) {
    const letters = document.createRange();
    letters.selectNodeContents(word);
    return range.compareBoundaryPoints(Range.END_TO_START, letters) < 0 && range.compareBoundaryPoints(Range.START_TO_END, letters) > 0;
  }
  for (const turn of place.querySelectorAll(".turn")) lightUp(turn);
})();
