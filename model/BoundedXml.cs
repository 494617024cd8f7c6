using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Quorate.Model;

/// <summary>Loads XML from a text that anybody may have written.</summary>
internal static class BoundedXml
{
    /// <summary>Deeper texts are refused: the time the loader takes grows with the square of the depth. Real ones are less than ten deep.</summary>
    public const int NestingMax = 1000;

    /// <summary>Loads a document, with line numbers.</summary>
    /// <returns>Its root.</returns>
    /// <exception cref="XmlException">It is not well-formed, against the settings, or nested too deeply.</exception>
    public static XElement? Load(string text, XmlReaderSettings settings)
    {
        CheckNesting(text, settings);
        using StringReader characters = new(text);
        using XmlReader reader = XmlReader.Create(characters, settings);
        return XDocument.Load(reader, LoadOptions.SetLineInfo).Root;
    }

    private static void CheckNesting(string text, XmlReaderSettings settings)
    {
        using StringReader characters = new(text);
        using XmlReader reader = XmlReader.Create(characters, settings);
        while (reader.Read())
        {
            if (reader.Depth > NestingMax)
            {
                IXmlLineInfo where = (IXmlLineInfo)reader;
                throw new XmlException(
                    string.Create(CultureInfo.InvariantCulture, $"elements stand more than {NestingMax} levels deep."), null, where.LineNumber, where.LinePosition);
            }
        }
    }
}
