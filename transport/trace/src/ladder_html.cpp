#include <peal/trace/ladder.hpp>
#include <peal/trace/redact.hpp>

#include "glance.hpp"
#include "ladder_style.hpp"
#include "steps.hpp"
#include "visible.hpp"

#include <algorithm>
#include <string>

namespace peal::inline v0::trace {

namespace {

std::string number(std::size_t n) { return std::to_string(n); }
std::string safe(std::string_view text) { return html(visible(text)); }

std::string_view kind_of(const Step& step) {
  const auto seen = glance(step.record->bytes);
  if (seen.request) return "request";
  if (!seen.response) return "other";
  return seen.status < 200 ? "early" : seen.status < 300 ? "good" : seen.status < 400 ? "moved" : "bad";
}

void append_head(std::string& out, const Flow& flow, const std::string& title) {
  out.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
  out.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
  // Nothing is loaded and nothing runs, whatever a message holds.
  out.append(
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n");
  out.append("<title>").append(title).append("</title>\n<style>\n").append(ladder_style).append("</style>\n</head>\n");
  out.append("<body style=\"--n:").append(number(std::max<std::size_t>(flow.columns.size(), 1))).append("\">\n");
  out.append("<h1>").append(title).append("</h1>\n<div class=\"names\"><span class=\"t\"></span><div class=\"lanes\">");
  for (const auto& name : flow.columns) out.append("<b>").append(html(name)).append("</b>");
  out.append("</div></div>\n");
}

void append_arrow(std::string& out, const Step& step) {
  const auto [left, right] = std::minmax(step.from, step.to);
  const std::string_view way = step.from == step.to ? "self" : step.from < step.to ? "right" : "left";
  out.append("<span class=\"a ").append(way);
  if (step.again || step.copy) out.append(" again");
  if (step.lost) out.append(" lost");
  out.append("\" style=\"grid-column:").append(number(left + 1)).append("/").append(number(right + 2));
  out.append(";--k:")
      .append(number(right - left + 1))
      .append("\">")
      .append(html(step.marked_title()))
      .append("</span>");
}

void append_message(std::string& out, const Flow& flow, const Step& step, const std::string& time, Secrets secrets) {
  const auto& record = *step.record;
  out.append("<details class=\"").append(kind_of(step)).append("\"><summary aria-label=\"");
  out.append(html(flow.columns[step.from])).append(" to ").append(html(flow.columns[step.to])).append(": ");
  out.append(html(step.marked_title())).append("\"><span class=\"t\">").append(time);
  out.append("</span><span class=\"lanes\">");
  append_arrow(out, step);
  out.append("</span></summary>\n<p>").append(safe(record.from().to_string())).append(" &#8594; ");
  out.append(safe(record.to().to_string())).append(", ").append(transport::via_name(record.protocol)).append(", ");
  out.append(number(record.bytes.size())).append(" bytes</p>\n<pre>");
  const auto text = secrets == Secrets::hidden ? redacted(record.bytes) : std::string(record.bytes);
  out.append(html(visible(text, std::string_view::npos, true))).append("</pre></details>\n");
}

}  // namespace

std::string ladder_html(std::span<const Record> records, const LadderOptions& options) {
  const auto flow = flow_of(records, options);
  std::string out;
  append_head(out, flow, options.title.empty() ? std::string("SIP ladder") : safe(options.title));
  std::size_t messages = 0;
  for (const auto& step : flow.steps) {
    const auto time = seconds_since(records.front(), *step.record);
    if (step.note()) {
      out.append("<p class=\"note\"><span class=\"t\">")
          .append(time)
          .append("</span> ")
          .append(html(step.title))
          .append("</p>\n");
      continue;
    }
    append_message(out, flow, step, time, options.secrets);
    ++messages;
  }
  out.append("<footer>").append(number(messages)).append(messages == 1 ? " message" : " messages");
  out.append(". Tap one to read it. Times are seconds since the first.</footer>\n</body>\n</html>\n");
  return out;
}

}  // namespace peal::inline v0::trace
