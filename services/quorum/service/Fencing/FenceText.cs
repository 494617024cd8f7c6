using System.Text;

namespace Quorate.Quorum.Service.Fencing;

/// <summary>Texts from outside as a database, a log and a terminal can take them.</summary>
internal static class FenceText
{
    /// <summary>Without control characters (PostgreSQL keeps no NUL, a terminal obeys an escape) and halves of characters, and cut.</summary>
    /// <param name="text">What an agent printed, or what somebody gave as a reason.</param>
    /// <param name="lengthMax">In UTF-16 units, at least 0.</param>
    public static string Plain(string text, int lengthMax)
    {
        StringBuilder plain = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (plain.Length + rune.Utf16SequenceLength > lengthMax)
            {
                break;
            }

            plain.Append(rune.Value == '\t' ? " " : Rune.IsControl(rune) || rune == Rune.ReplacementChar ? "?" : rune.ToString());
        }

        return plain.ToString();
    }
}
