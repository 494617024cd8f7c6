using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Quorate.Hosting.Access;

/// <summary>Whose token counts, for what: one line of <c>Quorate:TokensFile</c>. The token itself is kept by nobody but its bearer.</summary>
/// <param name="Role">One of <see cref="ApiRole"/>.</param>
/// <param name="Name">Whose it is, as logs call it: 1 to 64 of letters, digits and <c>- _ . @</c>. Two tokens may have one name, while one replaces the other.</param>
/// <param name="Hash">SHA-256 of the token's UTF-8 bytes, 32 bytes. Without salt: a token is 32 random bytes, which nobody finds by trying.</param>
public sealed partial record AccessToken(string Role, string Name, ReadOnlyMemory<byte> Hash)
{
    private const int SecretBytes = 32;

    /// <summary>The line in the file.</summary>
    public string Line => $"{Role} {Name} {Convert.ToHexStringLower(Hash.Span)}";

    /// <summary>A new secret: 32 random bytes in base64url, without padding.</summary>
    public static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>What is kept of a secret.</summary>
    public static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>True for a name that a line, and a log, can hold.</summary>
    public static bool IsName(string name) => NamePattern().IsMatch(name);

    [GeneratedRegex(@"\A[A-Za-z0-9._@-]{1,64}\z")]
    private static partial Regex NamePattern();
}
