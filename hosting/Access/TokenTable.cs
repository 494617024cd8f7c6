using System.Collections.Immutable;
using System.Security.Cryptography;
using Quorate.Hosting.Settings;

namespace Quorate.Hosting.Access;

/// <summary>The tokens that count: what a tokens file says, <c>ROLE NAME SHA256</c> a line; empty lines and lines that begin with # say nothing.</summary>
public sealed class TokenTable
{
    private const int HashDigits = 2 * SHA256.HashSizeInBytes;
    private const int LinesMax = 1_000;

    private readonly ImmutableArray<AccessToken> _tokens;

    private TokenTable(ImmutableArray<AccessToken> tokens) => _tokens = tokens;

    /// <summary>How many tokens count.</summary>
    public int Count => _tokens.Length;

    /// <summary>Reads the text of a tokens file.</summary>
    /// <param name="text">All of it.</param>
    /// <param name="source">The file's name, for the message.</param>
    /// <exception cref="SettingsException">A line is wrong, or there is none; each is named by its number, and nothing that stands in it is repeated.</exception>
    public static TokenTable Parse(string text, string source)
    {
        string[] lines = text.Split('\n', StringSplitOptions.TrimEntries);
        List<string> problems = lines.Length > LinesMax ? [$"{source} has more than {LinesMax} lines"] : [];
        ImmutableArray<AccessToken>.Builder tokens = ImmutableArray.CreateBuilder<AccessToken>();
        foreach ((int index, string line) in lines.Index().Take(LinesMax).Where(static numbered => numbered.Item is { Length: > 0 } && numbered.Item[0] != '#'))
        {
            if (Fault(line, out AccessToken? token) is { } fault)
            {
                problems.Add($"{source}, line {index + 1}: {fault}");
            }
            else if (tokens.Any(known => known.Hash.Span.SequenceEqual(token!.Hash.Span))) // set: no fault
            {
                problems.Add($"{source}, line {index + 1}: the same token stands there twice");
            }
            else
            {
                tokens.Add(token!); // set: no fault
            }
        }
        if (tokens.Count == 0 && problems.Count == 0)
        {
            problems.Add($"{source} holds no token, and nobody could do anything: quorate token new --role operator --name NAME --file {source} makes one");
        }
        return problems.Count == 0 ? new TokenTable(tokens.ToImmutable()) : throw new SettingsException(problems);
    }

    /// <summary>Whose token this is; null for one that does not count. Takes as long whichever it is.</summary>
    public AccessToken? Find(string secret)
    {
        byte[] hash = AccessToken.HashOf(secret);
        AccessToken? found = null;
        foreach (AccessToken token in _tokens)
        {
            found = CryptographicOperations.FixedTimeEquals(token.Hash.Span, hash) ? token : found;
        }
        return found;
    }

    private static string? Fault(string line, out AccessToken? token)
    {
        token = null;
        if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is not [var role, var name, var digits])
        {
            return "expected three words, ROLE NAME SHA256";
        }
        if (!ApiRole.All.Contains(role))
        {
            return $"the first word is the role, one of {string.Join(", ", ApiRole.All)}";
        }
        if (!AccessToken.IsName(name))
        {
            return "the second word is a name, 1 to 64 of letters, digits and - _ . @";
        }
        if (digits.Length != HashDigits || !digits.All(char.IsAsciiHexDigit))
        {
            return $"the third word is the SHA-256 of the token, {HashDigits} hexadecimal digits (never the token itself)";
        }
        token = new AccessToken(role, name, Convert.FromHexString(digits));
        return null;
    }
}
