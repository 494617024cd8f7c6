namespace Quorate.Tests.EndToEnd.Outages;

/// <summary>A command as it is sent, again and again under one id until it is answered.</summary>
public sealed record Command(string Service, string Verb)
{
    /// <summary>Makes every copy one request.</summary>
    public string RequestId { get; } = Guid.NewGuid().ToString("N");
}
