#include "compose.hpp"
#include "param_value.hpp"

#include <peal/message/time_values.hpp>

#include <limits>

namespace peal::inline v0 {

using grammar::At;
using grammar::blanks;
using grammar::Scan;

namespace {

constexpr std::array<std::string_view, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// Which of `names` stands at `p`; their number when none does.
template <std::size_t n>
unsigned name_at(At p, const std::array<std::string_view, n>& names) noexcept {
  return static_cast<unsigned>(std::find(names.begin(), names.end(), std::string_view(p, 3)) - names.begin());
}

/// `least` to `most` digits, and behind them `next`: gives what is behind that, and behind blanks when it is one. (SP
/// is one blank on the wire; a line may have been folded there.)
At digits(At p, int least, int most, char next, unsigned& value, Scan& s) noexcept {
  const At start = p;
  value = 0;
  for (; p - start < most && ascii::is(*p, ascii::digit); ++p) value = value * 10 + static_cast<unsigned>(*p - '0');
  if (p - start < least || (next == ' ' ? !ascii::blank(*p) : *p != next)) return s.fail(parse_errc::bad_date, p);
  return next == ' ' ? blanks(p) : p + 1;
}

/// time SP "GMT"
At time_of_day(At p, std::chrono::seconds& out, Scan& s) noexcept {
  const At start = p;
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
  p = digits(p, 2, 2, ':', hour, s);
  if (p != nullptr) p = digits(p, 2, 2, ':', minute, s);
  if (p != nullptr) p = digits(p, 2, 2, ' ', second, s);
  if (p == nullptr) return nullptr;
  if (hour > 23 || minute > 59 || second > 59) return s.fail(parse_errc::bad_date, start);
  if (std::string_view(p, 3) != "GMT") return s.fail(parse_errc::bad_date, p);
  out = std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
  return p + 3;
}

/// rfc1123-date = wkday "," SP date1 SP time SP "GMT"
At sip_date(At p, std::chrono::sys_seconds& out, Scan& s) noexcept {
  const At start = p;
  const auto weekday = name_at(p, weekdays);
  if (weekday == weekdays.size() || p[3] != ',' || !ascii::blank(p[4])) return s.fail(parse_errc::bad_date, p);
  const At date = blanks(p + 4);
  unsigned day = 0;
  p = digits(date, 1, 2, ' ', day, s);
  if (p == nullptr) return nullptr;
  const auto month = name_at(p, months);
  if (month == months.size() || !ascii::blank(p[3])) return s.fail(parse_errc::bad_date, p);
  unsigned year = 0;
  p = digits(blanks(p + 3), 4, 4, ' ', year, s);
  if (p == nullptr) return nullptr;
  std::chrono::seconds time{0};
  p = time_of_day(p, time, s);
  if (p == nullptr) return nullptr;
  const std::chrono::year_month_day ymd{std::chrono::year(static_cast<int>(year)), std::chrono::month(month + 1),
                                        std::chrono::day(day)};
  if (!ymd.ok()) return s.fail(parse_errc::bad_date, date);
  const std::chrono::sys_days days{ymd};
  if (std::chrono::weekday(days).c_encoding() != weekday) return s.fail(parse_errc::bad_date, start);
  out = days + time;
  return p;
}

void append_padded(std::string& out, unsigned value, std::size_t width) {
  const auto at = out.size();
  grammar::append_number(out, value);
  out.insert(at, width - std::min(width, out.size() - at), '0');
}

/// *(DIGIT) [ "." *(DIGIT) ]
At decimal(At p) noexcept {
  p = grammar::span<ascii::digit>(p);
  return *p == '.' ? grammar::span<ascii::digit>(p + 1) : p;
}

std::optional<std::chrono::nanoseconds> nanoseconds_of(std::string_view text) noexcept {
  constexpr auto max = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  std::uint64_t n = 0;
  int places = -1;
  const auto push = [&n](unsigned digit) {
    if (n > (max - digit) / 10) return false;
    n = n * 10 + digit;
    return true;
  };
  for (const char c : text) {
    if (c == '.') {
      places = 0;
    } else if (places == 9) {
      if (c != '0') return std::nullopt;
    } else {
      if (!push(static_cast<unsigned>(c - '0'))) return std::nullopt;
      if (places >= 0) ++places;
    }
  }
  for (places = std::max(places, 0); places < 9; ++places)
    if (!push(0)) return std::nullopt;
  return std::chrono::nanoseconds(static_cast<std::int64_t>(n));
}

void append_decimal(std::string& out, std::chrono::nanoseconds value) {
  const auto n = static_cast<std::uint64_t>(value.count());
  grammar::append_number(out, n / 1'000'000'000);
  if (n % 1'000'000'000 == 0) return;
  out += '.';
  append_padded(out, static_cast<unsigned>(n % 1'000'000'000), 9);
  out.erase(out.find_last_not_of('0') + 1);
}

}  // namespace

Result<Date, ParseError> Date::read(InMessage from, const char*& end) {
  Scan s;
  Date out;
  end = sip_date(from.at, out.value, s);
  if (end == nullptr) return grammar::unread(from, s);
  return out;
}

Result<Date, ParseError> Date::parse(std::string_view text) { return grammar::parse_copy<Date>(text); }

void Date::append_to(std::string& out) const {
  constexpr std::chrono::sys_seconds first = std::chrono::sys_days{std::chrono::year{0} / 1 / 1};
  constexpr std::chrono::sys_seconds last =
      std::chrono::sys_days{std::chrono::year{9999} / 12 / 31} + std::chrono::hours{24} - std::chrono::seconds{1};
  const auto when = std::clamp(value, first, last);
  const auto days = std::chrono::floor<std::chrono::days>(when);
  const std::chrono::year_month_day ymd{days};
  const std::chrono::hh_mm_ss<std::chrono::seconds> time{when - days};
  out.append(weekdays[std::chrono::weekday(days).c_encoding()]).append(", ");
  append_padded(out, static_cast<unsigned>(ymd.day()), 2);
  out.append(" ").append(months[static_cast<unsigned>(ymd.month()) - 1]).append(" ");
  append_padded(out, static_cast<unsigned>(static_cast<int>(ymd.year())), 4);
  out += ' ';
  append_padded(out, static_cast<unsigned>(time.hours().count()), 2);
  out += ':';
  append_padded(out, static_cast<unsigned>(time.minutes().count()), 2);
  out += ':';
  append_padded(out, static_cast<unsigned>(time.seconds().count()), 2);
  out += " GMT";
}

Result<TimestampView, ParseError> TimestampView::read(InMessage from, const char*& end) {
  Scan s;
  TimestampParts parts;
  if (!ascii::is(*from.at, ascii::digit)) {
    end = s.fail(parse_errc::bad_number, from.at);
    return grammar::unread(from, s);
  }
  end = decimal(from.at);
  parts.size = parts.time_size = grammar::distance(from.at, end);
  if (const At delay = blanks(end); delay != end) {
    const At delay_end = decimal(delay);
    if (delay_end != delay) {
      parts.delay = grammar::distance(from.at, delay);
      parts.delay_size = grammar::distance(delay, delay_end);
      end = delay_end;
      parts.size = grammar::distance(from.at, end);
    }
  }
  return TimestampView(from.at, parts);
}

Result<TimestampView, ParseError> TimestampView::parse(std::string_view text) {
  return grammar::parse_parts<TimestampView>(text);
}

std::optional<std::chrono::nanoseconds> TimestampView::time() const noexcept { return nanoseconds_of(time_text()); }

std::optional<std::chrono::nanoseconds> TimestampView::delay() const noexcept {
  return delay_text().empty() ? std::nullopt : nanoseconds_of(delay_text());
}

Result<Timestamp, ParseError> Timestamp::make(std::chrono::nanoseconds time,
                                              std::optional<std::chrono::nanoseconds> delay) {
  if (time.count() < 0 || (delay && delay->count() < 0)) return fail(parse_errc::bad_number, 0);
  std::string text;
  append_decimal(text, time);
  if (delay) {
    text += ' ';
    append_decimal(text, *delay);
  }
  return parse(text);
}

}  // namespace peal::inline v0
