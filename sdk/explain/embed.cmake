# cmake -DINPUTS=a.txt|b.txt -DNAME=codes -DOUTPUT=x.inc -P embed.cmake
#
# Turns explanations, which people edit as text, into rows of C++: see the top of codes_1xx_3xx.txt for the format.
# What is no known field stays as it is and does not compile; nor do fields doubled or out of order.
string(REPLACE "|" ";" inputs "${INPUTS}")
set(text "\n")
foreach(input IN LISTS inputs)
  file(READ ${input} part)
  string(APPEND text "${part}\n")
endforeach()

string(REGEX REPLACE "\n#[^\n]*" "" text "${text}")    # comments
string(REGEX REPLACE "\n[ \t]+" " " text "${text}")    # a continued line is one line
string(REGEX REPLACE "\n\n+" "\n" text "${text}")
foreach(field IN ITEMS "meaning=meaning" "sent by=sent_by" "causes=causes" "uac=remedy" "uas=remedy_uas" "rfc=rfc")
  string(REGEX MATCH "^(.+)=(.+)$" unused "${field}")
  string(REGEX REPLACE "\n${CMAKE_MATCH_1}: ([^\n]*)" ",\n ._${CMAKE_MATCH_2} = R\"~(\\1)~\"" text "${text}")
endforeach()
string(REPLACE "\n ._" "\n  ." text "${text}")
string(REGEX REPLACE "\n== ([^\n]*)," "},\n{.title = R\"~(\\1)~\"," text "${text}")
string(REGEX REPLACE "^},\n" "" text "${text}")
string(STRIP "${text}" text)
file(WRITE ${OUTPUT} "// Made from sdk/explain/ by embed.cmake.\n${text}},\n")
