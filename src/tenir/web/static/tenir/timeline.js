// A case opens where its reader left it: at the first message that is new to them, else at the newest.

const scroller = document.querySelector(".case-scroll");
if (scroller && !location.hash) {
  const first = scroller.querySelector(".message.is-new");
  if (first) first.scrollIntoView({ block: "start" });
  else scroller.scrollTop = scroller.scrollHeight;
}
