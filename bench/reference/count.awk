# The same counts by awk: by application, event, process and status, and the sum of durations.
BEGIN { FS = " [|] " }
{
    lines++
    if ($4 == "START" || $4 == "DONE" || $4 == "FAILED" || $4 == "IGNORED") {
        runs[$3, $4]++
        counted++
        if ($4 == "DONE") {
            for (i = 5; i <= NF; i++) if (substr($i, 1, 17) == "metrics.duration=") { total[$3, $4] += substr($i, 18); measured++; break }
        }
    }
}
END { printf "%d %d %d\n", lines, counted, measured }
