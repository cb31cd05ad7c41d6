#include "datagram.hpp"

#include <peal/message/typed_headers.hpp>

/// Values are read where they stand in a message, by scanners that compare with no end: what stands at the very end of
/// a line, and of a receive slot, must stop them.
namespace {

using namespace peal;
using peal_test::Datagram;
using peal_test::invite;
using peal_test::replaced;

TEST(InPlaceTest, ALastCommaWithBlanksBehindItEndsTheList) {  // read beyond the slot: nothing behind it has a comma
  for (const std::string behind : {",", ", ", ",\t  ", " , "}) {
    for (const std::string name : {"Allow", "Supported", "Accept", "Warning", "Allow-Events", "Reason", "Path"}) {
      Parser parser;
      Datagram slot(
          replaced(invite(), "Content-Length: 4\r\n\r\nv=0\n",
                   "Content-Length: 0\r\n" + name + ": " + (name == "Path" ? "<sip:a>" : "a/b") + behind + "\r\n\r\n"));
      ASSERT_EQ(slot.parse(parser), Parsed::request);
      header::with(header::find(name), [&](const auto& h) {
        std::size_t count = 0;
        parse_errc last = parse_errc::no_result;
        parser.request().each(h, [&](const auto& element) {
          ++count;
          last = element ? parse_errc::no_result : element.error().code;
        });
        EXPECT_EQ(count, 2U) << name << behind;
        EXPECT_EQ(last, parse_errc::empty) << name << behind;
      });
    }
  }
}

TEST(StarTest, StandsInContactOnlyAndAlone) {
  Request request(method::options, *Uri::parse("sip:a"));
  EXPECT_TRUE(request.set(header::contact, "*"));
  const auto refused = make_error_code(parse_errc::bad_name_addr);
  EXPECT_EQ(request.set(header::contact, "<sip:a@b>, *").error(), refused);
  EXPECT_EQ(request.set("Contact", "*, <sip:a@b>").error(), refused);
  EXPECT_EQ(request.set(header::from, "*").error(), refused);
  EXPECT_EQ(request.set("Reply-To", "*").error(), refused);
}

}  // namespace
