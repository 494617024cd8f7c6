namespace Quorate.Cli.Faces;

/// <summary>Reads a command line of one-letter options as getopt(3) does, in the order in which they were typed.</summary>
/// <remarks>
/// The tools of the original had options that act when they are read (<c>clusvcadm -l</c>) and values glued to their letter
/// (<c>-mNODE</c>); scripts rely on both. System.CommandLine keeps no order.
/// </remarks>
internal static class ShortOptions
{
    /// <summary>What stands for an option that is not known, or lacks its value.</summary>
    public const char Unknown = '?';

    /// <summary>Reads a command line.</summary>
    /// <param name="args">Without the program's name.</param>
    /// <param name="letters">The letters as getopt takes them: one with a value is followed by a colon.</param>
    /// <returns>Each option with its value, "" where it has none, and the words that are no options.</returns>
    public static (IReadOnlyList<(char Letter, string Value)> Options, IReadOnlyList<string> Words) Read(IReadOnlyList<string> args, string letters)
    {
        List<(char, string)> options = [];
        List<string> words = [];
        for (int index = 0; index < args.Count; index++)
        {
            string word = args[index];
            if (word == "--")
            {
                words.AddRange(args.Skip(index + 1));
                break;
            }

            if (word.Length < 2 || word[0] != '-')
            {
                words.Add(word);
                continue;
            }

            index += ReadCluster(word, index + 1 < args.Count ? args[index + 1] : null, letters, options);
        }

        return (options, words);
    }

    /// <summary>Several letters may stand together; the first that takes a value ends them.</summary>
    /// <returns>How many words behind were used up.</returns>
    private static int ReadCluster(string word, string? next, string letters, List<(char Letter, string Value)> options)
    {
        for (int at = 1; at < word.Length; at++)
        {
            char letter = word[at];
            int known = letter == ':' ? -1 : letters.IndexOf(letter, StringComparison.Ordinal);
            bool takesValue = known >= 0 && known + 1 < letters.Length && letters[known + 1] == ':';
            if (!takesValue)
            {
                options.Add(known < 0 ? (Unknown, letter.ToString()) : (letter, ""));
                continue;
            }

            if (at + 1 < word.Length)
            {
                options.Add((letter, word[(at + 1)..]));
                return 0;
            }

            options.Add(next is null ? (Unknown, letter.ToString()) : (letter, next));
            return next is null ? 0 : 1;
        }

        return 0;
    }
}
