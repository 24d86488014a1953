package org.llavacluster.modelio.jinja;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** {@code datetime.strftime} of a time without zone, in the C locale, with glibc's flags. */
final class Strftime {

    private Strftime() {}

    static Rope format(LocalDateTime time, Rope format) {
        RopeBuilder out = new RopeBuilder();
        String text = format.text();
        int at = 0;
        while (at < text.length()) {
            int percent = text.indexOf('%', at);
            int end = percent < 0 ? text.length() : percent;
            out.append(format, at, end);
            at = end;
            if (percent >= 0) {
                int directive = at + 1;
                while (directive < text.length() && "-_0^#".indexOf(text.charAt(directive)) >= 0) {
                    directive++;
                }
                if (directive == text.length()) {
                    out.append(format, at, directive);
                    return out.rope();
                }
                String flags = text.substring(at + 1, directive);
                String value = value(time, text.charAt(directive), flags);
                if (value == null) {
                    out.append(format, at, directive + 1);
                } else {
                    out.append(flags.contains("^") ? value.toUpperCase(Locale.ROOT) : value);
                }
                at = directive + 1;
            }
        }
        return out.rope();
    }

    /** Null if it is not a directive. */
    private static String value(LocalDateTime time, char directive, String flags) {
        int hour = time.getHour() % 12 == 0 ? 12 : time.getHour() % 12;
        int sunday = time.getDayOfWeek().getValue() % 7;
        int monday = time.getDayOfWeek().getValue() - 1;
        int day = time.getDayOfYear() - 1;
        return switch (directive) {
            case 'a' -> time.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case 'A' -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case 'b', 'h' -> time.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case 'B' -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case 'c' -> all(time, "%a %b %e %H:%M:%S %Y");
            case 'C' -> number(time.getYear() / 100, 2, '0', flags);
            case 'd' -> number(time.getDayOfMonth(), 2, '0', flags);
            case 'D', 'x' -> all(time, "%m/%d/%y");
            case 'e' -> number(time.getDayOfMonth(), 2, ' ', flags);
            case 'f' -> number(time.get(ChronoField.MICRO_OF_SECOND), 6, '0', "");
            case 'F' -> all(time, "%Y-%m-%d");
            case 'g' -> number(time.get(IsoFields.WEEK_BASED_YEAR) % 100, 2, '0', flags);
            case 'G' -> number(time.get(IsoFields.WEEK_BASED_YEAR), 1, '0', flags);
            case 'H' -> number(time.getHour(), 2, '0', flags);
            case 'I' -> number(hour, 2, '0', flags);
            case 'j' -> number(time.getDayOfYear(), 3, '0', flags);
            case 'k' -> number(time.getHour(), 2, ' ', flags);
            case 'l' -> number(hour, 2, ' ', flags);
            case 'm' -> number(time.getMonthValue(), 2, '0', flags);
            case 'M' -> number(time.getMinute(), 2, '0', flags);
            case 'n' -> "\n";
            case 'p' -> flags.contains("#") ? half(time).toLowerCase(Locale.ROOT) : half(time);
            case 'P' -> half(time).toLowerCase(Locale.ROOT);
            case 'r' -> all(time, "%I:%M:%S %p");
            case 'R' -> all(time, "%H:%M");
            case 's' -> Long.toString(time.toEpochSecond(ZoneOffset.UTC));
            case 'S' -> number(time.getSecond(), 2, '0', flags);
            case 't' -> "\t";
            case 'T', 'X' -> all(time, "%H:%M:%S");
            case 'u' -> Integer.toString(monday + 1);
            case 'U' -> number((day + 7 - sunday) / 7, 2, '0', flags);
            case 'V' -> number(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, '0', flags);
            case 'w' -> Integer.toString(sunday);
            case 'W' -> number((day + 7 - monday) / 7, 2, '0', flags);
            case 'y' -> number(time.getYear() % 100, 2, '0', flags);
            case 'Y' -> number(time.getYear(), 1, '0', flags);
            case 'z', 'Z' -> "";
            case '%' -> "%";
            default -> null;
        };
    }

    private static String half(LocalDateTime time) {
        return time.getHour() < 12 ? "AM" : "PM";
    }

    private static String all(LocalDateTime time, String format) {
        return format(time, Rope.of(format)).text();
    }

    private static String number(int value, int digits, char padding, String flags) {
        char fill = flags.contains("_") ? ' ' : flags.contains("0") ? '0' : padding;
        String number = Integer.toString(value);
        return flags.contains("-")
                ? number
                : Character.toString(fill).repeat(Math.max(0, digits - number.length())) + number;
    }
}
